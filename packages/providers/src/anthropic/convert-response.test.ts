import type { ChatInput, Json } from "@sluice/core"
import { describe, expect, test } from "vitest"
import { readAnswerFixture } from "../testing/fixtures.ts"
import { failWith, generateWith } from "../testing/generate-with.ts"
import { chatWork, sampleCall } from "../testing/sample-call.ts"
import { createAnthropicProvider } from "./create-anthropic-provider.ts"

const fixture = (name: string) => readAnswerFixture(new URL(`./fixtures/${name}.json`, import.meta.url))

function exchange(body: Json, input: Partial<ChatInput> = {}) {
  const call = sampleCall({ provider: "anthropic", work: chatWork(input) })
  return { create: createAnthropicProvider, call, answer: { status: 200, headers: {}, body } }
}
const resultOf = async (body: Json, input?: Partial<ChatInput>) => (await generateWith(exchange(body, input))).result

function message(content: Json, stopReason: string, rest: object = {}): Json {
  return { type: "message", model: "claude", content, stop_reason: stopReason, usage: { input_tokens: 3, output_tokens: 4 }, ...rest }
}

test("a text with calls of tools", async () => {
  expect(await resultOf(fixture("tool-use").body)).toMatchObject({
    generated: {
      output: {
        text: "Let me look.",
        toolCalls: [{ id: "toolu_01A09q90qw90lq917835lq9", name: "get_weather", arguments: '{"city":"Kiel"}' }],
        finishReason: "tool_calls",
      },
    },
    usage: { inputTokens: 372, cachedInputTokens: 0, outputTokens: 42 },
  })
})

describe("an answer in JSON", () => {
  const responseFormat = { type: "json_schema", name: "x", schema: { type: "object" } } as const

  test("as text", async () => {
    const body = message([{ type: "text", text: '{"a":1}' }], "end_turn")
    expect(await resultOf(body, { responseFormat })).toMatchObject({ generated: { output: { json: { a: 1 }, finishReason: "stop" } } })
  })

  test("as the arguments of the tool that stands in for it, which the caller never sees", async () => {
    const content = [
      { type: "text", text: "Here it is." },
      { type: "tool_use", id: "t", name: "structured_answer", input: { a: 1 } },
    ]
    expect((await resultOf(message(content, "tool_use"), { responseFormat })).generated).toEqual({
      kind: "chat",
      output: { text: '{"a":1}', json: { a: 1 }, toolCalls: [], finishReason: "stop" },
    })
  })

  test("cut short is not passed off as complete", async () => {
    const content = [{ type: "tool_use", id: "t", name: "structured_answer", input: {} }]
    expect(await resultOf(message(content, "max_tokens"), { responseFormat })).toMatchObject({
      generated: { output: { finishReason: "length" } },
    })
  })
})

test("a refusal without a text is content_filter, with its explanation and what it cost", async () => {
  const stopDetails = { type: "refusal", category: "cyber", explanation: "This could enable harm." }
  expect(await failWith(exchange(message([], "refusal", { stop_details: stopDetails })))).toMatchObject({
    type: "content_filter",
    message: "test-eu: the model refused: This could enable harm.",
    usage: { inputTokens: 3, cachedInputTokens: 0, outputTokens: 4 },
  })
  expect(await failWith(exchange(message([], "refusal")))).toMatchObject({ type: "content_filter" })
})

test("a context that was exceeded in mid-answer is context_length", async () => {
  const body = message([{ type: "text", text: "So far" }], "model_context_window_exceeded")
  expect(await failWith(exchange(body))).toMatchObject({
    type: "context_length",
    providerCode: "model_context_window_exceeded",
    httpStatus: 200,
  })
})

test.each([
  ["no content", { type: "message", model: "claude", stop_reason: "end_turn" }],
  ["a text block without text", message([{ type: "text" }], "end_turn")],
  ["a call without arguments", message([{ type: "tool_use", id: "t", name: "f" }], "tool_use")],
])("%s is malformed", async (_, body) => {
  expect(await failWith(exchange(body))).toMatchObject({ type: "malformed_response", message: expect.stringContaining("/content") })
})

test("a usage that cannot be read does not cost the answer", async () => {
  const body = message([{ type: "text", text: "x" }], "end_turn", { usage: { input_tokens: -1 } })
  expect((await resultOf(body)).usage).toBeNull()
})
