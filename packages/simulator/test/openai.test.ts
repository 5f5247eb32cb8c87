import { OpenAI } from "openai"
import { afterEach, beforeEach, describe, expect, test } from "vitest"
import { type Simulator, startSimulator } from "../src/index.ts"
import { eventually, failureOf, openaiClient } from "./support/clients.ts"

let simulator: Simulator
let client: OpenAI

beforeEach(async () => {
  simulator = await startSimulator()
  client = openaiClient(simulator)
})
afterEach(() => simulator.stop())

const messages = [{ role: "user" as const, content: "What is the weather in Oslo?" }]
const model = "gpt-4o-mini"
const weatherTool = {
  type: "function" as const,
  function: { name: "get_weather", parameters: { type: "object", properties: { city: { type: "string" } }, required: ["city"] } },
}

describe("chat", () => {
  test("answers with text and usage", async () => {
    const completion = await client.chat.completions.create({ model, messages })
    expect(completion).toMatchObject({
      object: "chat.completion",
      model,
      choices: [
        { index: 0, finish_reason: "stop", message: { role: "assistant", content: "Echo: What is the weather in Oslo?", refusal: null } },
      ],
      usage: { prompt_tokens: 7, completion_tokens: 9, total_tokens: 16 },
    })
    expect(completion._request_id).toMatch(/^req_/)
  })

  test("stops at the limit of tokens", async () => {
    const completion = await client.chat.completions.create({ model, messages, max_completion_tokens: 2 })
    expect(completion.choices[0]).toMatchObject({ finish_reason: "length", message: { content: "Echo: Wh" } })
    expect(completion.usage?.completion_tokens).toBe(2)
  })

  test("gives as many choices as asked for", async () => {
    const completion = await client.chat.completions.create({ model, messages, n: 3 })
    expect(completion.choices.map(({ index }) => index)).toEqual([0, 1, 2])
  })

  test("takes images, by URL and as data", async () => {
    const content = [
      { type: "text" as const, text: "Describe" },
      { type: "image_url" as const, image_url: { url: "https://example.com/a.png" } },
      { type: "image_url" as const, image_url: { url: "data:image/png;base64,iVBORw0KGgo=" } },
    ]
    const completion = await client.chat.completions.create({ model, messages: [{ role: "user", content }] })
    expect(completion.usage?.prompt_tokens).toBe(172)
  })

  test("calls the tool that it must call", async () => {
    const completion = await client.chat.completions.create({ model, messages, tools: [weatherTool], tool_choice: "required" })
    const [call] = completion.choices[0]?.message.tool_calls ?? []
    expect(completion.choices[0]).toMatchObject({ finish_reason: "tool_calls", message: { content: null } })
    expect(call).toMatchObject({ type: "function", function: { name: "get_weather" } })
    expect(JSON.parse(call?.type === "function" ? call.function.arguments : "")).toEqual({ city: expect.any(String) })
  })

  test("answers in JSON of the schema", async () => {
    const schema = {
      type: "object",
      properties: { answer: { type: "integer", minimum: 3 } },
      required: ["answer"],
      additionalProperties: false,
    }
    const completion = await client.chat.completions.parse({
      model,
      messages,
      response_format: { type: "json_schema", json_schema: { name: "answer", strict: true, schema } },
    })
    expect(completion.choices[0]?.message.parsed).toEqual({ answer: expect.any(Number) })
  })

  test("answers in JSON where only JSON is asked for", async () => {
    const completion = await client.chat.completions.create({
      model,
      messages: [{ role: "user", content: "Answer in JSON" }],
      response_format: { type: "json_object" },
    })
    expect(JSON.parse(completion.choices[0]?.message.content ?? "")).toEqual({ answer: expect.any(String) })
  })
})

describe("a chat stream", () => {
  test("brings the same text as the answer in one piece, and usage only if asked for", async () => {
    const stream = await client.chat.completions.create({ model, messages, stream: true })
    let text = ""
    const finishReasons: unknown[] = []
    for await (const chunk of stream) {
      text += chunk.choices[0]?.delta.content ?? ""
      finishReasons.push(chunk.choices[0]?.finish_reason)
      expect(chunk.usage).toBeUndefined()
    }
    expect(text).toBe("Echo: What is the weather in Oslo?")
    expect(finishReasons.length).toBeGreaterThan(3)
    expect(finishReasons.at(-1)).toBe("stop")
  })

  test("ends with the usage when it is asked for", async () => {
    const stream = await client.chat.completions.create({ model, messages, stream: true, stream_options: { include_usage: true } })
    const chunks = []
    for await (const chunk of stream) chunks.push(chunk)
    expect(chunks.at(-1)).toMatchObject({ choices: [], usage: { prompt_tokens: 7, completion_tokens: 9 } })
    expect(chunks.at(0)?.usage).toBeNull()
  })

  test("brings the call of a tool in pieces that the client puts together", async () => {
    const runner = client.chat.completions.stream({ model, messages, tools: [weatherTool], tool_choice: "required" })
    const [call] = (await runner.finalMessage()).tool_calls ?? []
    expect(JSON.parse(call?.type === "function" ? call.function.arguments : "")).toEqual({ city: expect.any(String) })
  })

  test("brings every choice", async () => {
    const runner = client.chat.completions.stream({ model, messages, n: 2 })
    const completion = await runner.finalChatCompletion()
    expect(completion.choices.map(({ message }) => message.content)).toEqual(Array(2).fill("Echo: What is the weather in Oslo?"))
  })

  test("is paced, and can be left in the middle", async () => {
    simulator.configure({ latency: { firstChunkMs: 1, chunkMs: 1 } })
    const stream = await client.chat.completions.create({ model, messages, stream: true })
    for await (const chunk of stream) if (chunk.choices[0]?.delta.content) break
    const [request] = simulator.requests()
    await eventually(() => simulator.requests()[0]).toMatchObject({ stream: true, abortedByClient: true })
    expect(request?.operation).toBe("chat")
  })
})

describe("embeddings", () => {
  test("come for each input, as the client asks for them (base64) and as numbers alike", async () => {
    const request = { model: "text-embedding-3-small", input: ["one two", "three"], dimensions: 8 }
    const asBase64 = await client.embeddings.create(request)
    const asNumbers = await client.embeddings.create({ ...request, encoding_format: "float" })
    expect(asBase64.data.map(({ index, embedding }) => [index, embedding.length])).toEqual([
      [0, 8],
      [1, 8],
    ])
    for (const [index, { embedding }] of asBase64.data.entries()) {
      for (const [place, value] of embedding.entries()) expect(value).toBeCloseTo(asNumbers.data[index]?.embedding[place] ?? Number.NaN, 6)
    }
    expect(asBase64.usage).toEqual({ prompt_tokens: 4, total_tokens: 4 })
  })

  test("have the simulator's dimensions unless others are asked for, and take tokens", async () => {
    const response = await client.embeddings.create({ model: "text-embedding-3-small", input: [1, 2, 3] })
    expect(response.data[0]?.embedding).toHaveLength(256)
    expect(response.usage.prompt_tokens).toBe(3)
  })

  test("are refused for an empty text", async () => {
    const failure = await failureOf(client.embeddings.create({ model: "text-embedding-3-small", input: "" }))
    expect(failure).toBeInstanceOf(OpenAI.BadRequestError)
    expect(failure).toMatchObject({ param: "input" })
  })
})

describe("images", () => {
  test("come as a link that the simulator serves", async () => {
    const response = await client.images.generate({ model: "dall-e-3", prompt: "A lighthouse", size: "1024x1792" })
    const image = await fetch(response.data?.[0]?.url ?? "")
    expect(image.headers.get("content-type")).toBe("image/png")
    const png = Buffer.from(await image.arrayBuffer())
    expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([1024, 1792])
  })

  test("come as base64, several and different", async () => {
    const response = await client.images.generate({ model: "gpt-image-1", prompt: "A lighthouse", n: 2, size: "1024x1024" })
    const [first, second] = response.data ?? []
    expect(
      Buffer.from(first?.b64_json ?? "", "base64")
        .subarray(1, 4)
        .toString(),
    ).toBe("PNG")
    expect(first?.b64_json).not.toBe(second?.b64_json)
    expect(response.usage).toMatchObject({ input_tokens: 3, output_tokens: 2112 })
  })
})

describe("models", () => {
  test("are those that are served", async () => {
    simulator.configure({ models: ["a", "b/c"] })
    expect((await client.models.list()).data.map(({ id }) => id)).toEqual(["a", "b/c"])
    expect(await client.models.retrieve("b/c")).toMatchObject({ id: "b/c", object: "model" })
    expect(await failureOf(client.models.retrieve("d"))).toBeInstanceOf(OpenAI.NotFoundError)
    expect(await failureOf(client.chat.completions.create({ model: "d", messages }))).toMatchObject({
      status: 404,
      code: "model_not_found",
    })
  })
})

describe("refusals", () => {
  test("a key that is not let in", async () => {
    simulator.configure({ apiKeys: ["sk-right-0123456789"] })
    const failure = await failureOf(openaiClient(simulator, { apiKey: "sk-wrong-0123456789" }).chat.completions.create({ model, messages }))
    expect(failure).toBeInstanceOf(OpenAI.AuthenticationError)
    expect(failure).toMatchObject({
      code: "invalid_api_key",
      type: "invalid_request_error",
      message: expect.stringContaining("sk-w***********6789"),
    })
    await openaiClient(simulator, { apiKey: "sk-right-0123456789" }).chat.completions.create({ model, messages })
  })

  test("no key at all", async () => {
    const response = await fetch(`${simulator.url}/v1/chat/completions`, { method: "POST", body: "{}" })
    expect(response.status).toBe(401)
    expect(await response.json()).toMatchObject({ error: { message: expect.stringContaining("You didn't provide an API key") } })
  })

  test("a body that is not JSON", async () => {
    const response = await fetch(`${simulator.url}/v1/chat/completions`, {
      method: "POST",
      body: "{",
      headers: { authorization: "Bearer x" },
    })
    expect([response.status, await response.json()]).toMatchObject([400, { error: { type: "invalid_request_error" } }])
  })

  test("a path or method that does not exist", async () => {
    expect(await failureOf(client.post("/nothing"))).toMatchObject({ status: 404, message: "404 Invalid URL (POST /v1/nothing)" })
    expect(await failureOf(client.get("/chat/completions"))).toMatchObject({ status: 404 })
  })

  test("a body that is too large, answered so that the client can read it", async () => {
    const huge = { model, messages: [{ role: "user", content: "a".repeat(65 * 1024 * 1024) }] }
    const response = await fetch(`${simulator.url}/v1/chat/completions`, {
      method: "POST",
      body: JSON.stringify(huge),
      headers: { authorization: "Bearer x" },
    })
    expect(response.status).toBe(413)
  })

  test("a prompt longer than the context", async () => {
    simulator.configure({ contextTokens: 5 })
    const failure = await failureOf(client.chat.completions.create({ model, messages }))
    expect(failure).toBeInstanceOf(OpenAI.BadRequestError)
    expect(failure).toMatchObject({
      code: "context_length_exceeded",
      param: "messages",
      message: expect.stringContaining("maximum context length is 5 tokens"),
    })
  })

  test("a prompt that the content filter acts on is answered with its finish reason", async () => {
    simulator.configure({ contentFilterWords: ["OSLO"] })
    const completion = await client.chat.completions.create({ model, messages })
    expect(completion.choices[0]).toMatchObject({ finish_reason: "content_filter", message: { content: null } })
    const failure = await failureOf(client.images.generate({ model: "dall-e-3", prompt: "A map of Oslo" }))
    expect(failure).toMatchObject({ status: 400, code: "content_policy_violation" })
  })
})
