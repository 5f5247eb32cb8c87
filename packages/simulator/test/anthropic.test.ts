import Anthropic from "@anthropic-ai/sdk"
import { afterEach, beforeEach, describe, expect, test } from "vitest"
import { type Simulator, startSimulator } from "../src/index.ts"
import { anthropicClient, failureOf } from "./support/clients.ts"

let simulator: Simulator
let client: Anthropic

beforeEach(async () => {
  simulator = await startSimulator()
  client = anthropicClient(simulator)
})
afterEach(() => simulator.stop())

const plain = { model: "claude-sonnet-5", max_tokens: 100, messages: [{ role: "user" as const, content: "What is the weather in Oslo?" }] }
const weatherTool = {
  name: "get_weather",
  input_schema: { type: "object" as const, properties: { city: { type: "string" } }, required: ["city"] },
}

describe("a message", () => {
  test("answers with text and usage", async () => {
    const message = await client.messages.create({ ...plain, system: "Be brief" })
    expect(message).toMatchObject({
      type: "message",
      role: "assistant",
      model: plain.model,
      stop_reason: "end_turn",
      content: [{ type: "text", text: "Echo: What is the weather in Oslo?" }],
      usage: { input_tokens: 9, output_tokens: 9 },
    })
    expect(message._request_id).toMatch(/^req_/)
  })

  test("stops at the limit of tokens and at a stop sequence", async () => {
    expect(await client.messages.create({ ...plain, max_tokens: 2 })).toMatchObject({
      stop_reason: "max_tokens",
      usage: { output_tokens: 2 },
    })
    expect(await client.messages.create({ ...plain, stop_sequences: ["weather"] })).toMatchObject({
      stop_reason: "stop_sequence",
      stop_sequence: "weather",
      content: [{ text: "Echo: What is the " }],
    })
  })

  test("takes images, by URL and as data", async () => {
    const content = [
      { type: "text" as const, text: "Describe" },
      { type: "image" as const, source: { type: "url" as const, url: "https://example.com/a.png" } },
      { type: "image" as const, source: { type: "base64" as const, media_type: "image/png" as const, data: "iVBORw0KGgo=" } },
    ]
    const message = await client.messages.create({ ...plain, messages: [{ role: "user", content }] })
    expect(message.usage.input_tokens).toBe(172)
  })

  test("uses the tool that it must use", async () => {
    const message = await client.messages.create({ ...plain, tools: [weatherTool], tool_choice: { type: "tool", name: "get_weather" } })
    expect(message).toMatchObject({
      stop_reason: "tool_use",
      content: [{ type: "tool_use", name: "get_weather", input: { city: expect.any(String) } }],
    })
  })

  test("is JSON of the schema", async () => {
    const schema = { type: "object", properties: { answer: { type: "boolean" } }, required: ["answer"], additionalProperties: false }
    const message = await client.messages.create({ ...plain, output_config: { format: { type: "json_schema", schema } } })
    const [block] = message.content
    expect(JSON.parse(block?.type === "text" ? block.text : "")).toEqual({ answer: expect.any(Boolean) })
  })
})

describe("a streamed message", () => {
  test("brings the same as the message in one piece", async () => {
    const streamed = await client.messages.stream(plain).finalMessage()
    const whole = await client.messages.create(plain)
    expect(streamed.content).toEqual(whole.content)
    expect(streamed.stop_reason).toBe("end_turn")
    expect(streamed.usage).toMatchObject({ input_tokens: whole.usage.input_tokens, output_tokens: whole.usage.output_tokens })
  })

  test("brings its events in Anthropic's order", async () => {
    const stream = await client.messages.create({ ...plain, stream: true })
    const types: string[] = []
    for await (const event of stream) if (event.type !== types.at(-1)) types.push(event.type)
    expect(types).toEqual([
      "message_start",
      "content_block_start",
      "content_block_delta",
      "content_block_stop",
      "message_delta",
      "message_stop",
    ])
  })

  test("brings the input of a tool in pieces that the client puts together", async () => {
    const message = await client.messages.stream({ ...plain, tools: [weatherTool], tool_choice: { type: "any" } }).finalMessage()
    expect(message).toMatchObject({ stop_reason: "tool_use", content: [{ type: "tool_use", input: { city: expect.any(String) } }] })
  })
})

describe("refusals", () => {
  test("a key that is not let in", async () => {
    simulator.configure({ apiKeys: ["right"] })
    const failure = await failureOf(client.messages.create(plain))
    expect(failure).toBeInstanceOf(Anthropic.AuthenticationError)
    expect(failure).toMatchObject({
      type: "authentication_error",
      apiMessage: "invalid x-api-key",
      requestID: expect.stringMatching(/^req_/),
    })
  })

  test.each<[Record<string, string>, number, string]>([
    [{ "anthropic-version": "2023-06-01" }, 401, "x-api-key header is required"],
    [{ "x-api-key": "k" }, 400, "anthropic-version: header is required"],
  ])("a call with only %j", async (headers, status, message) => {
    const response = await fetch(`${simulator.url}/v1/messages`, { method: "POST", body: JSON.stringify(plain), headers })
    expect([response.status, await response.json()]).toMatchObject([status, { type: "error", error: { message } }])
  })

  test("a bad request", async () => {
    const failure = await failureOf(client.messages.create({ ...plain, max_tokens: -1 }))
    expect(failure).toBeInstanceOf(Anthropic.BadRequestError)
    expect(failure).toMatchObject({ type: "invalid_request_error", apiMessage: "max_tokens: Input should be greater than or equal to 1" })
  })

  test("an unknown model and an unknown path", async () => {
    simulator.configure({ models: ["other"] })
    expect(await failureOf(client.messages.create(plain))).toMatchObject({
      status: 404,
      type: "not_found_error",
      apiMessage: "model: claude-sonnet-5",
    })
    expect(await failureOf(client.post("/v1/messages/nothing"))).toBeInstanceOf(Anthropic.NotFoundError)
  })

  test("a prompt longer than the context", async () => {
    simulator.configure({ contextTokens: 5 })
    expect(await failureOf(client.messages.create(plain))).toMatchObject({
      status: 400,
      apiMessage: "prompt is too long: 7 tokens > 5 maximum",
    })
  })

  test("a prompt that the content filter acts on is answered with a refusal", async () => {
    simulator.configure({ contentFilterWords: ["oslo"] })
    expect(await client.messages.create(plain)).toMatchObject({ stop_reason: "refusal", stop_details: { type: "refusal" }, content: [] })
    expect(await client.messages.stream(plain).finalMessage()).toMatchObject({ stop_reason: "refusal", content: [] })
  })
})

test("limits are told with resets that are times", async () => {
  simulator.configure({ limits: { requestsPerMinute: 60, tokensPerMinute: 6000 } })
  const { response } = await client.messages.create(plain).withResponse()
  const headers = Object.fromEntries(response.headers)
  expect(headers).toMatchObject({
    "anthropic-ratelimit-requests-limit": "60",
    "anthropic-ratelimit-requests-remaining": "59",
    "anthropic-ratelimit-tokens-limit": "6000",
    "anthropic-ratelimit-tokens-remaining": "5893",
  })
  for (const name of ["requests", "tokens", "input-tokens", "output-tokens"]) {
    const reset = headers[`anthropic-ratelimit-${name}-reset`] ?? ""
    expect(reset).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/)
    expect(Date.parse(reset)).toBeGreaterThan(simulator.requests()[0]?.atMs ?? Number.POSITIVE_INFINITY)
  }
})
