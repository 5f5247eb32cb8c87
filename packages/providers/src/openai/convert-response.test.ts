import type { Json, Work } from "@sluice/core"
import { describe, expect, test } from "vitest"
import { readAnswerFixture } from "../testing/fixtures.ts"
import { failWith, generateWith } from "../testing/generate-with.ts"
import { chatWork, sampleCall } from "../testing/sample-call.ts"
import { createOpenaiProvider } from "./create-openai-provider.ts"

const fixture = (name: string) => readAnswerFixture(new URL(`./fixtures/${name}.json`, import.meta.url))
const chat = chatWork()
const embedding: Work = { kind: "embedding", input: { texts: ["a", "b"] } }
const image: Work = { kind: "image", input: { prompt: "a river", size: "1024x1024" } }

function exchange(body: Json, work: Work = chat) {
  return { create: createOpenaiProvider, call: sampleCall({ provider: "openai", work }), answer: { status: 200, headers: {}, body } }
}
const resultOf = async (body: Json, work?: Work) => (await generateWith(exchange(body, work))).result
const errorOf = (body: Json, work?: Work) => failWith(exchange(body, work))

/** An answer with one choice. */
function choice(message: Json, finishReason: Json = "stop", rest: object = {}): Json {
  return { model: "m", choices: [{ index: 0, message, finish_reason: finishReason }], ...rest }
}

describe("a chat", () => {
  test("with calls of tools", async () => {
    const { generated } = await resultOf(fixture("tool-call").body)
    expect(generated).toEqual({
      kind: "chat",
      output: {
        text: "",
        json: null,
        toolCalls: [{ id: "call_RzfkBpJgzeR0S242qfvjadNe", name: "get_weather", arguments: '{"city":"Kiel"}' }],
        finishReason: "tool_calls",
      },
    })
  })

  test("with calls as other servers write them: without id, with arguments that are no text", async () => {
    const calls = [{ id: "", function: { name: "f", arguments: { x: 1 } } }, { function: { name: "g", arguments: null } }]
    const { generated } = await resultOf(choice({ role: "assistant", content: "", tool_calls: calls }))
    expect(generated).toMatchObject({
      output: {
        toolCalls: [
          { id: "call_0", name: "f", arguments: '{"x":1}' },
          { id: "call_1", name: "g", arguments: "{}" },
        ],
        finishReason: "tool_calls",
      },
    })
  })

  test("in parts, of which the thinking is left out", async () => {
    const content = [
      { type: "thinking", thinking: [{}] },
      { type: "text", text: "A " },
      { type: "text", text: "river" },
    ]
    expect(await resultOf(choice({ content }))).toMatchObject({ generated: { output: { text: "A river" } } })
  })

  test("in JSON, or what was to be JSON", async () => {
    const work = chatWork({ responseFormat: { type: "json_schema", name: "x", schema: { type: "object" } } })
    expect(await resultOf(choice({ content: '{"a":1}' }), work)).toMatchObject({
      generated: { output: { text: '{"a":1}', json: { a: 1 } } },
    })
    expect(await resultOf(choice({ content: '{"a":' }, "length"), work)).toMatchObject({
      generated: { output: { text: '{"a":', json: null, finishReason: "length" } },
    })
  })

  test("without a usage, or with one that cannot be read, is still an answer", async () => {
    expect((await resultOf(choice({ content: "x" }))).usage).toBeNull()
    expect((await resultOf(choice({ content: "x" }, "stop", { usage: { prompt_tokens: "many" } }))).usage).toBeNull()
    expect((await resultOf(choice({ content: "x" }, "stop", { usage: { prompt_tokens: 3, completion_tokens: 4 } }))).usage).toEqual({
      inputTokens: 3,
      cachedInputTokens: 0,
      outputTokens: 4,
    })
  })

  test("without a model's name was served by the model that was asked", async () => {
    expect((await resultOf({ choices: [{ message: { content: "x" }, finish_reason: "stop" }] })).model).toBe("model-1")
  })

  test("that was withheld is content_filter, with what it cost", async () => {
    const usage = { prompt_tokens: 5, completion_tokens: 6 }
    expect(await errorOf(choice({ content: null }, "content_filter", { usage }))).toMatchObject({
      type: "content_filter",
      httpStatus: 200,
      usage: { inputTokens: 5, cachedInputTokens: 0, outputTokens: 6 },
    })
    const refused = await errorOf(choice({ content: null, refusal: "I cannot help with that." }))
    expect(refused).toMatchObject({ type: "content_filter", message: "test-eu: the model refused: I cannot help with that." })
  })

  test.each([
    ["no choice", { choices: [] }],
    ["no message", { choices: [{ finish_reason: "stop" }] }],
    ["a call without a name", choice({ content: null, tool_calls: [{ id: "x", function: { arguments: "{}" } }] })],
    ["content of another type", choice({ content: 17 })],
  ])("with %s is malformed", async (_, body) => {
    expect(await errorOf(body)).toMatchObject({ type: "malformed_response", message: expect.stringContaining("/choices") })
  })
})

describe("embeddings", () => {
  test("come in the order of the texts", async () => {
    expect(await resultOf(fixture("embedding").body, embedding)).toMatchObject({
      generated: {
        kind: "embedding",
        output: {
          embeddings: [
            [-0.0069292834, 0.0023064255, -0.024094],
            [0.25, -0.5, 0.75],
          ],
          dimensions: 3,
        },
      },
      model: "text-embedding-3-small",
      usage: { inputTokens: 9, cachedInputTokens: 0, outputTokens: 0 },
    })
  })

  test.each([
    ["too few", [{ index: 0, embedding: [1] }]],
    [
      "of different lengths",
      [
        { index: 0, embedding: [1] },
        { index: 1, embedding: [1, 2] },
      ],
    ],
    [
      "of one text twice",
      [
        { index: 1, embedding: [1] },
        { index: 1, embedding: [2] },
      ],
    ],
    ["of which not all say their text", [{ index: 1, embedding: [1] }, { embedding: [2] }]],
    [
      "empty",
      [
        { index: 0, embedding: [] },
        { index: 1, embedding: [] },
      ],
    ],
    [
      "not of numbers",
      [
        { index: 0, embedding: ["1"] },
        { index: 1, embedding: ["2"] },
      ],
    ],
  ])("%s are malformed", async (_, data) => {
    expect(await errorOf({ data, model: "m" }, embedding)).toMatchObject({ type: "malformed_response" })
  })
})

describe("pictures", () => {
  test("are bytes with their true type and size", async () => {
    const { generated, usage } = await resultOf(fixture("image").body, image)
    expect(generated).toMatchObject({ kind: "image", images: [{ contentType: "image/png", width: 2, height: 3 }] })
    expect(usage).toEqual({ inputTokens: 14, cachedInputTokens: 0, outputTokens: 272 })
  })

  test.each([
    ["none", []],
    ["neither bytes nor link", [{}]],
    ["bytes that are no picture", [{ b64_json: "AAAA" }]],
    ["a link to nowhere", [{ url: "about:blank" }]],
  ])("%s is malformed", async (_, data) => {
    expect(await errorOf({ data }, image)).toMatchObject({ type: "malformed_response" })
  })

  test("behind a link that cannot be reached: the network's failure", async () => {
    // The mock refuses every other host.
    expect(await errorOf({ data: [{ url: "http://127.0.0.1:9/a.png" }] }, image)).toMatchObject({ type: "network" })
  })
})
