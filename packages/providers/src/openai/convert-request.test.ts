import type { ChatInput, Endpoint, Work } from "@sluice/core"
import { afterEach, describe, expect, test, vi } from "vitest"
import { readAnswerFixture } from "../testing/fixtures.ts"
import { failWith, generateWith } from "../testing/generate-with.ts"
import { chatWork, sampleCall } from "../testing/sample-call.ts"
import { createOpenaiProvider } from "./create-openai-provider.ts"

const fixture = (name: string) => readAnswerFixture(new URL(`./fixtures/${name}.json`, import.meta.url))

async function sentFor(work: Work, endpoint: Partial<Endpoint> = {}) {
  const answer = fixture({ chat: "chat-completion", embedding: "embedding", image: "image", custom: "chat-completion" }[work.kind])
  const call = sampleCall({ provider: "openai", work, endpoint: { baseUrl: "http://provider.test/v1", ...endpoint } })
  return (await generateWith({ create: createOpenaiProvider, call, answer })).sent
}
const bodyFor = async (input: Partial<ChatInput>, endpoint?: Partial<Endpoint>) => (await sentFor(chatWork(input), endpoint)).body

afterEach(() => {
  vi.unstubAllEnvs()
})

describe("a chat", () => {
  test("goes to the path under the base URL, with or without a slash at its end", async () => {
    expect((await sentFor(chatWork())).path).toBe("/v1/chat/completions")
    expect((await sentFor(chatWork(), { baseUrl: "http://provider.test/openai/v1/" })).path).toBe("/openai/v1/chat/completions")
  })

  test("says no more than was asked", async () => {
    expect(await bodyFor({})).toEqual({ model: "model-1", messages: [{ role: "user", content: "What does a sluice do?" }] })
    expect(await bodyFor({ tools: [], toolChoice: "auto", stop: [], responseFormat: { type: "text" } })).toEqual({
      model: "model-1",
      messages: [{ role: "user", content: "What does a sluice do?" }],
    })
  })

  test("asks for schemas to be held to where the caller does", async () => {
    const schema = { type: "object" }
    const body = await bodyFor({
      tools: [{ name: "look", parameters: schema, strict: true }],
      responseFormat: { type: "json_schema", name: "answer", description: "What was seen.", schema, strict: true },
    })
    expect(body).toMatchObject({
      tools: [{ type: "function", function: { name: "look", parameters: schema, strict: true } }],
      response_format: { type: "json_schema", json_schema: { name: "answer", description: "What was seen.", schema, strict: true } },
    })
  })

  test("converts all parts of a conversation", async () => {
    const body = await bodyFor({
      messages: [
        { role: "system", content: "Be brief." },
        {
          role: "user",
          content: [
            { type: "text", text: "What is this?" },
            { type: "image", url: "data:image/png;base64,iVBORw0KGgo=" },
            { type: "image", url: "https://cdn.example/1.png", detail: "low" },
          ],
        },
        { role: "assistant", toolCalls: [{ id: "call_1", name: "look", arguments: '{"x":1}' }] },
        { role: "tool", toolCallId: "call_1", content: [{ type: "text", text: "A sluice." }] },
        { role: "assistant", content: "It is a sluice." },
      ],
    })
    expect(body?.messages).toEqual([
      { role: "system", content: "Be brief." },
      {
        role: "user",
        content: [
          { type: "text", text: "What is this?" },
          { type: "image_url", image_url: { url: "data:image/png;base64,iVBORw0KGgo=" } },
          { type: "image_url", image_url: { url: "https://cdn.example/1.png", detail: "low" } },
        ],
      },
      {
        role: "assistant",
        content: null,
        tool_calls: [{ id: "call_1", type: "function", function: { name: "look", arguments: '{"x":1}' } }],
      },
      { role: "tool", tool_call_id: "call_1", content: [{ type: "text", text: "A sluice." }] },
      { role: "assistant", content: "It is a sluice." },
    ])
  })

  test("converts parameters, tools and the format of the answer", async () => {
    const body = await bodyFor({
      temperature: 0.2,
      topP: 0.9,
      stop: ["END"],
      tools: [{ name: "look", description: "Looks.", parameters: { type: "object", properties: {} } }],
      toolChoice: { name: "look" },
      responseFormat: { type: "json_schema", name: "my summary!", schema: { type: "object" } },
    })
    expect(body).toMatchObject({
      temperature: 0.2,
      top_p: 0.9,
      stop: ["END"],
      tools: [{ type: "function", function: { name: "look", description: "Looks.", parameters: { type: "object", properties: {} } } }],
      tool_choice: { type: "function", function: { name: "look" } },
      response_format: { type: "json_schema", json_schema: { name: "my_summary_", schema: { type: "object" } } },
    })
    expect(await bodyFor({ responseFormat: { type: "json_object" } })).toMatchObject({ response_format: { type: "json_object" } })
  })

  test("bounds the answer under the name that the server knows", async () => {
    expect(await bodyFor({ maxOutputTokens: 9 })).toMatchObject({ max_tokens: 9 })
    expect(await bodyFor({ maxOutputTokens: 9 }, { baseUrl: "https://api.openai.com/v1" })).toMatchObject({ max_completion_tokens: 9 })
    expect(await bodyFor({ maxOutputTokens: 9 }, { baseUrl: "https://eu.api.openai.com/v1" })).toMatchObject({ max_completion_tokens: 9 })
    expect(await bodyFor({ maxOutputTokens: 9 }, { baseUrl: "https://notopenai.com/v1" })).toMatchObject({ max_tokens: 9 })
  })

  test("passes on the options for this provider only", async () => {
    const providerOptions = { openai: { reasoning_effort: "low" }, anthropic: { thinking: { type: "disabled" } } }
    const body = await bodyFor({ providerOptions })
    expect(body).toMatchObject({ reasoning_effort: "low" })
    expect(body).not.toHaveProperty("thinking")
  })

  test.each(["model", "messages", "stream", "n"])("lets nobody set %s by provider options", async (name) => {
    const call = sampleCall({ provider: "openai", work: chatWork({ providerOptions: { openai: { [name]: 2 } } }) })
    const error = await failWith({ create: createOpenaiProvider, call, answer: fixture("chat-completion") })
    expect(error).toMatchObject({ type: "invalid_input", httpStatus: null })
    expect(error.message).toContain(name)
  })

  test("applies the endpoint's parameters", async () => {
    const params = { defaults: { temperature: 1, seed: 7 }, rename: { max_tokens: "max_new_tokens" }, drop: ["top_p"] }
    expect(await bodyFor({ maxOutputTokens: 5, topP: 0.5, temperature: 0 }, { params })).toEqual({
      model: "model-1",
      messages: [{ role: "user", content: "What does a sluice do?" }],
      temperature: 0,
      seed: 7,
      max_new_tokens: 5,
    })
  })

  test("has no room for pictures outside of user messages", async () => {
    const picture = [{ type: "image" as const, url: "https://cdn.example/1.png" }]
    const call = sampleCall({ provider: "openai", work: chatWork({ messages: [{ role: "tool", toolCallId: "c", content: picture }] }) })
    const error = await failWith({ create: createOpenaiProvider, call, answer: fixture("chat-completion") })
    expect(error).toMatchObject({ type: "invalid_input", message: expect.stringContaining("role tool") })
  })
})

test("an embedding asks for plain numbers", async () => {
  const sent = await sentFor({ kind: "embedding", input: { texts: ["a", "b"], dimensions: 3 } })
  expect(sent.path).toBe("/v1/embeddings")
  expect(sent.body).toEqual({ model: "model-1", input: ["a", "b"], encoding_format: "float", dimensions: 3 })
})

test("a picture asks for bytes where the model would give a link", async () => {
  const work: Work = { kind: "image", input: { prompt: "a river", size: "512x512", count: 2 } }
  expect((await sentFor(work)).path).toBe("/v1/images/generations")
  expect((await sentFor(work)).body).toEqual({ model: "model-1", prompt: "a river", size: "512x512", n: 2 })
  expect((await sentFor(work, { model: "dall-e-3" })).body).toMatchObject({ response_format: "b64_json" })
})

test("nothing of the process's environment gets into a request", async () => {
  vi.stubEnv("OPENAI_BASE_URL", "http://elsewhere.test")
  vi.stubEnv("OPENAI_API_KEY", "sk-of-the-environment")
  vi.stubEnv("OPENAI_ORG_ID", "org-of-the-environment")
  vi.stubEnv("OPENAI_PROJECT_ID", "proj-of-the-environment")
  vi.stubEnv("OPENAI_ADMIN_KEY", "admin-of-the-environment")
  const call = sampleCall({ provider: "openai", apiKey: null })
  const { sent } = await generateWith({ create: createOpenaiProvider, call, answer: fixture("chat-completion") })
  expect(JSON.stringify(sent)).not.toContain("environment")
})
