import type { HttpTemplate, Json, Work } from "@sluice/core"
import { describe, expect, test } from "vitest"
import { type AnswerFixture, readAnswerFixture } from "../testing/fixtures.ts"
import { failWith, generateWith } from "../testing/generate-with.ts"
import { chatWork, sampleCall } from "../testing/sample-call.ts"
import { createHttpProvider } from "./create-http-provider.ts"

type Pointers = NonNullable<HttpTemplate["response"]>

function exchange(work: Work, answer: Json | AnswerFixture, response: Pointers = {}) {
  const call = sampleCall({ provider: "http", work, endpoint: { http: { method: "POST", path: "", response } } })
  // A text would be sent as it is, rather than as JSON.
  const fixture = isFixture(answer) ? answer : { status: 200, headers: {}, body: JSON.stringify(answer) }
  return { create: createHttpProvider, call, answer: fixture }
}

function isFixture(answer: Json | AnswerFixture): answer is AnswerFixture {
  return typeof answer === "object" && answer !== null && "status" in answer && "headers" in answer
}

const generatedFrom = async (...args: Parameters<typeof exchange>) => (await generateWith(exchange(...args))).result.generated
const custom: Work = { kind: "custom", input: {} }
const embedding: Work = { kind: "embedding", input: { texts: ["a", "b"] } }
const image: Work = { kind: "image", input: { prompt: "a river" } }
const { body: imageBody } = readAnswerFixture(new URL("../openai/fixtures/image.json", import.meta.url))
const png = /"b64_json":"([^"]+)"/.exec(JSON.stringify(imageBody))?.[1] ?? ""

describe("custom", () => {
  test("is the whole answer, or what the pointer names", async () => {
    expect(await generatedFrom(custom, { a: { b: [1] } })).toEqual({ kind: "custom", output: { a: { b: [1] } } })
    expect(await generatedFrom(custom, { a: { b: [null] } }, { output: "/a/b/0" })).toEqual({ kind: "custom", output: null })
  })

  test("has model and usage where pointers say so, and does without", async () => {
    const body = { m: "x-1", n: { i: 3, o: "4" } }
    const pointers = { model: "/m", inputTokens: "/n/i", outputTokens: "/n/o" }
    expect((await generateWith(exchange(custom, body, pointers))).result).toMatchObject({
      model: "x-1",
      usage: { inputTokens: 3, cachedInputTokens: 0, outputTokens: 0 },
    })
    expect((await generateWith(exchange(custom, {}, pointers))).result).toMatchObject({ model: "model-1", usage: null })
  })

  test("that is nothing but an error is malformed, in the server's words", async () => {
    const error = await failWith(exchange(custom, { error: { code: "E1", message: "The engine is asleep" } }))
    expect(error).toMatchObject({ type: "malformed_response", message: "test-eu: The engine is asleep", providerCode: "E1" })
    expect(await generatedFrom(custom, { error: null })).toEqual({ kind: "custom", output: { error: null } })
    expect(await generatedFrom(custom, { error: "none", value: 1 })).toMatchObject({ output: { value: 1 } })
  })

  test("without anything at its pointer is malformed", async () => {
    const error = await failWith(exchange(custom, { a: 1 }, { output: "/b" }))
    expect(error).toMatchObject({ type: "malformed_response", message: expect.stringContaining("/b") })
  })
})

describe("chat", () => {
  test("from a text", async () => {
    const work = chatWork({ responseFormat: { type: "json_object" } })
    expect(await generatedFrom(work, { t: '{"x":1}' }, { output: "/t" })).toEqual({
      kind: "chat",
      output: { text: '{"x":1}', json: { x: 1 }, toolCalls: [], finishReason: "stop" },
    })
  })

  test("from an output in this system's form", async () => {
    expect(await generatedFrom(chatWork(), { text: "so far", finishReason: "length" })).toMatchObject({
      output: { finishReason: "length" },
    })
  })

  test("from anything else is malformed", async () => {
    expect(await failWith(exchange(chatWork(), { reply: "x" }))).toMatchObject({ type: "malformed_response" })
  })
})

describe("embedding", () => {
  const expected = {
    kind: "embedding",
    output: {
      embeddings: [
        [1, 2],
        [3, 4],
      ],
      dimensions: 2,
    },
  }

  test("from vectors, or an output in this system's form", async () => {
    expect(
      await generatedFrom(
        embedding,
        {
          v: [
            [1, 2],
            [3, 4],
          ],
        },
        { output: "/v" },
      ),
    ).toEqual(expected)
    expect(
      await generatedFrom(embedding, {
        embeddings: [
          [1, 2],
          [3, 4],
        ],
      }),
    ).toEqual(expected)
    expect(await generatedFrom({ kind: "embedding", input: { texts: ["a"] } }, [5, 6])).toMatchObject({ output: { embeddings: [[5, 6]] } })
  })

  test("of another number is malformed", async () => {
    expect(await failWith(exchange(embedding, [[1, 2]]))).toMatchObject({ type: "malformed_response" })
  })
})

describe("image", () => {
  const picture = { contentType: "image/png", width: 2, height: 3 }
  test.each([
    ["base64", png, [picture]],
    ["a data: URL", `data:image/png;base64,${png}`, [picture]],
    ["a list", [png], [picture]],
    ["objects", [{ b64_json: png }, { url: `data:image/png;base64,${png}` }], [picture, picture]],
  ])("from %s", async (_, body, images) => {
    expect(await generatedFrom(image, body)).toMatchObject({ kind: "image", images })
  })

  test("from bytes that are no JSON", async () => {
    const answer = { status: 200, headers: { "content-type": "image/svg+xml" }, body: "<svg/>" }
    const generated = await generatedFrom(image, answer)
    expect(generated).toMatchObject({ kind: "image", images: [{ contentType: "image/svg+xml", width: null, height: null }] })
  })

  test("from anything else is malformed", async () => {
    expect(await failWith(exchange(image, { nope: 1 }))).toMatchObject({ type: "malformed_response" })
    expect(await failWith(exchange(image, "AAAA"))).toMatchObject({ type: "malformed_response" })
  })
})
