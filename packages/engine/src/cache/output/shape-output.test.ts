import type { Json, Work } from "@sluice/core"
import { describe, expect, test } from "vitest"
import { chatOutput, chatWork } from "../testing/answer-cache-harness.ts"
import { shapeOutput } from "./shape-output.ts"

const plain = chatWork("x")
const object = chatWork("x", { responseFormat: { type: "json_object" } })
const schema = chatWork("x", { responseFormat: { type: "json_schema", name: "r", schema: {} } })

describe("what is written down for a chat", () => {
  const readings: [string, Work, Json, unknown[]][] = [
    ["a text", plain, "hello", [chatOutput("hello")]],
    ["a text in an object", plain, { text: "hello" }, [chatOutput("hello")]],
    ["a whole output", plain, { text: "hello", json: null, toolCalls: [], finishReason: "stop" }, [chatOutput("hello")]],
    ["other JSON, as its text", plain, { a: 1 }, [chatOutput('{"a":1}')]],
    ["an object whose text is none", plain, { text: 1 }, [chatOutput('{"text":1}')]],
    ["JSON for JSON", object, { a: 1 }, [chatOutput('{"a":1}', { json: { a: 1 } })]],
    ["the JSON that a text is", object, { text: '{"a": 1}' }, [chatOutput('{"a": 1}', { json: { a: 1 } })]],
    ["the JSON beside a text", object, { text: "one", json: { a: 1 } }, [chatOutput('{"a":1}', { json: { a: 1 } })]],
    ["a text for JSON, which then is none", object, "sorry", [chatOutput("sorry")]],
    [
      "an object with a text, which a schema may mean as it stands",
      schema,
      { text: "sorry" },
      [chatOutput("sorry"), chatOutput('{"text":"sorry"}', { json: { text: "sorry" } })],
    ],
  ]
  test.each(readings)("is read as %s", (_what, work, value, outputs) => {
    expect(shapeOutput(work, value)).toEqual(outputs)
  })
})

describe("what is written down for other kinds", () => {
  const image: Work = { kind: "image", input: { prompt: "x" } }
  const embedding: Work = { kind: "embedding", input: { texts: ["x"] } }
  const picture = { images: [{ url: "https://a.example/1.png", contentType: "image/png", width: 1, height: null }] }
  const vectors = { embeddings: [[0.5]], dimensions: 1 }

  test("is the output as it stands", () => {
    expect(shapeOutput({ kind: "custom", input: null }, { text: 1 })).toEqual([{ kind: "custom", output: { text: 1 } }])
    expect(shapeOutput(image, picture)).toEqual([{ kind: "image", output: picture }])
    expect(shapeOutput(embedding, vectors)).toEqual([{ kind: "embedding", output: vectors }])
  })

  test("is nothing when it has not their form", () => {
    expect(shapeOutput(image, { text: "sorry" })).toEqual([])
    expect(shapeOutput(embedding, "sorry")).toEqual([])
  })
})
