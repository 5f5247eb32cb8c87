import type { ChatInput, Endpoint } from "@sluice/core"
import { afterEach, describe, expect, test, vi } from "vitest"
import { readAnswerFixture } from "../testing/fixtures.ts"
import { failWith, generateWith } from "../testing/generate-with.ts"
import { chatWork, sampleCall } from "../testing/sample-call.ts"
import { createAnthropicProvider } from "./create-anthropic-provider.ts"

const answer = readAnswerFixture(new URL("./fixtures/message.json", import.meta.url))

async function sentFor(input: Partial<ChatInput>, endpoint: Partial<Endpoint> = {}, apiKey?: string | null) {
  const call = sampleCall({ provider: "anthropic", work: chatWork(input), endpoint, ...(apiKey !== undefined && { apiKey }) })
  return (await generateWith({ create: createAnthropicProvider, call, answer })).sent
}
const bodyFor = async (input: Partial<ChatInput>, endpoint?: Partial<Endpoint>) => (await sentFor(input, endpoint)).body

afterEach(() => {
  vi.unstubAllEnvs()
})

test.each(["http://provider.test", "http://provider.test/", "http://provider.test/v1", "http://provider.test/v1/"])(
  "goes to the path under %s",
  async (baseUrl) => {
    const sent = await sentFor({}, { baseUrl })
    expect(sent.path).toBe("/v1/messages")
    expect(sent.headers).toMatchObject({ "anthropic-version": "2023-06-01" })
  },
)

test("speaks another version of the API where the endpoint says so", async () => {
  const { headers } = await sentFor({}, { headers: { "Anthropic-Version": "2026-10-21" } })
  expect(headers).toMatchObject({ "anthropic-version": "2026-10-21" })
})

describe("the body", () => {
  const messages = [{ role: "user", content: [{ type: "text", text: "What does a sluice do?" }] }]

  test("says no more than was asked, and the bound that the wire demands", async () => {
    expect(await bodyFor({ tools: [], toolChoice: "auto" })).toEqual({ model: "model-1", max_tokens: 4_096, messages })
  })

  test("is bounded by the caller, else by the endpoint, else by default", async () => {
    const params = { defaults: { max_tokens: 1_000 } }
    expect(await bodyFor({ maxOutputTokens: 9 }, { params })).toMatchObject({ max_tokens: 9 })
    expect(await bodyFor({}, { params })).toMatchObject({ max_tokens: 1_000 })
  })

  test("converts parameters, tools and choices", async () => {
    const tools = [{ name: "look", description: "Looks.", parameters: { type: "object", properties: { x: { type: "number" } } } }]
    const body = await bodyFor({ temperature: 0.2, topP: 0.9, stop: ["END"], tools, toolChoice: { name: "look" } })
    expect(body).toMatchObject({
      temperature: 0.2,
      top_p: 0.9,
      stop_sequences: ["END"],
      tools: [{ name: "look", description: "Looks.", input_schema: { type: "object", properties: { x: { type: "number" } } } }],
      tool_choice: { type: "tool", name: "look" },
    })
    const strict = tools.map((tool) => ({ ...tool, strict: true }))
    expect(await bodyFor({ tools: strict })).toMatchObject({ tools: [{ name: "look", strict: true }] })
    expect(await bodyFor({ tools, toolChoice: "auto" })).toMatchObject({ tool_choice: { type: "auto" } })
    expect(await bodyFor({ tools, toolChoice: "none" })).toMatchObject({ tool_choice: { type: "none" } })
    expect(await bodyFor({ tools, toolChoice: "required" })).toMatchObject({ tool_choice: { type: "any" } })
  })

  test("keeps temperature within the wire's range", async () => {
    expect(await bodyFor({ temperature: 1.7 })).toMatchObject({ temperature: 1 })
  })

  test("passes on the options for this provider only", async () => {
    const body = await bodyFor({ providerOptions: { anthropic: { top_k: 5 }, openai: { seed: 1 } } })
    expect(body).toMatchObject({ top_k: 5 })
    expect(body).not.toHaveProperty("seed")
  })

  test.each(["model", "messages", "system", "stream"])("lets nobody set %s by provider options", async (name) => {
    const call = sampleCall({ provider: "anthropic", work: chatWork({ providerOptions: { anthropic: { [name]: "x" } } }) })
    expect(await failWith({ create: createAnthropicProvider, call, answer })).toMatchObject({ type: "invalid_input" })
  })
})

describe("an answer in JSON", () => {
  const schema = { type: "object", properties: { title: { type: "string", minLength: 3 } }, required: ["title"] }
  const format = { type: "json_schema", name: "summary", schema } as const

  test("is asked for by the wire's own means, within their limits", async () => {
    const body = await bodyFor({ responseFormat: format })
    expect(body).not.toHaveProperty("tools")
    expect(body).toMatchObject({
      output_config: {
        format: {
          type: "json_schema",
          schema: { type: "object", properties: { title: { type: "string" } }, required: ["title"], additionalProperties: false },
        },
      },
    })
    expect(JSON.stringify(body)).not.toContain('"minLength":3')
  })

  test.each(["claude-3-5-haiku-20241022", "claude-sonnet-4-20250514", "claude-opus-4-0"])(
    "is asked of the older %s as a tool",
    async (model) => {
      const body = await bodyFor({ responseFormat: format }, { model })
      expect(body).not.toHaveProperty("output_config")
      expect(body).toMatchObject({
        tools: [{ name: "structured_answer", input_schema: schema }],
        tool_choice: { type: "tool", name: "structured_answer" },
      })
    },
  )

  test.each(["claude-sonnet-4-5", "claude-opus-4-1-20250805", "claude-haiku-4-5"])("is not asked of %s as a tool", async (model) => {
    expect(await bodyFor({ responseFormat: format }, { model })).toHaveProperty("output_config")
  })

  test.each([
    ["a part without a type", { type: "object", properties: { meta: {} } }],
    [
      "definitions under the older name",
      { type: "object", properties: { a: { $ref: "#/definitions/a" } }, definitions: { a: { type: "string" } } },
    ],
  ])("is asked for as a tool when the schema has %s", async (_, unusual) => {
    const body = await bodyFor({ responseFormat: { ...format, schema: unusual } })
    expect(body).toMatchObject({ tools: [{ name: "structured_answer", input_schema: unusual }] })
  })

  test("leaves the model the caller's tools too", async () => {
    const tools = [{ name: "look", parameters: { type: "object", properties: {} } }]
    const body = await bodyFor({ responseFormat: format, tools }, { model: "claude-3-5-haiku-20241022" })
    expect(body).toMatchObject({ tools: [{ name: "look" }, { name: "structured_answer" }], tool_choice: { type: "any" } })
  })

  test("without a schema is asked for in words", async () => {
    const body = await bodyFor({ responseFormat: { type: "json_object" } })
    expect(body).toMatchObject({ system: [{ type: "text", text: expect.stringContaining("JSON") }] })
  })
})

test("nothing of the process's environment gets into a request", async () => {
  vi.stubEnv("ANTHROPIC_BASE_URL", "http://environment.test")
  vi.stubEnv("ANTHROPIC_API_KEY", "key-of-the-environment")
  vi.stubEnv("ANTHROPIC_AUTH_TOKEN", "token-of-the-environment")
  const sent = await sentFor({}, {}, null)
  expect(JSON.stringify(sent)).not.toContain("environment")
  expect(sent.headers).not.toHaveProperty("authorization")
  expect(sent.headers).not.toHaveProperty("x-api-key")
})
