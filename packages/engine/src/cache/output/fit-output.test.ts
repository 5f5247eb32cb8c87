import type { CacheableOutput, ChatInput, Work } from "@sluice/core"
import { describe, expect, test } from "vitest"
import { createSchemaCache } from "../../structure/schema-cache.ts"
import { chatOutput, chatWork } from "../testing/answer-cache-harness.ts"
import { fitOutput } from "./fit-output.ts"

const schemas = createSchemaCache()
const fit = (work: Work, output: CacheableOutput) => fitOutput({ schemas, work, output })
const titled: Partial<ChatInput> = {
  responseFormat: {
    type: "json_schema",
    name: "r",
    schema: { type: "object", required: ["title"], properties: { title: { type: "string" } } },
  },
}
const anyObject: Partial<ChatInput> = { responseFormat: { type: "json_object" } }
const tool = { name: "t", parameters: {} }

describe("an answer that was not made for this request", () => {
  test("loses its JSON where text was asked for", () => {
    const kept = chatOutput('{"a":1}', { json: { a: 1 } })
    expect(fit(chatWork("x"), kept)).toEqual({ output: chatOutput('{"a":1}'), schemaValid: null })
    expect(fit(chatWork("x", { responseFormat: { type: "text" } }), kept)?.output).toEqual(chatOutput('{"a":1}'))
  })

  test("gains the JSON that its text is where JSON was asked for", () => {
    const text = '{"title":"T"}'
    const expected = chatOutput(text, { json: { title: "T" } })
    expect(fit(chatWork("x", anyObject), chatOutput(text))).toEqual({ output: expected, schemaValid: null })
    expect(fit(chatWork("x", titled), chatOutput(text))).toEqual({ output: expected, schemaValid: true })
  })

  const wrong: [string, Work, CacheableOutput][] = [
    ["text where JSON was asked for", chatWork("x", anyObject), chatOutput("sorry")],
    ["an array where an object was asked for", chatWork("x", anyObject), chatOutput("[1]", { json: [1] })],
    ["text where a schema was given", chatWork("x", titled), chatOutput("sorry")],
    ["JSON that does not satisfy the schema", chatWork("x", titled), chatOutput('{"title":1}', { json: { title: 1 } })],
    ["a text where a tool must be called", chatWork("x", { tools: [tool], toolChoice: "required" }), chatOutput("ok")],
    ["a text where this tool must be called", chatWork("x", { tools: [tool], toolChoice: { name: "t" } }), chatOutput("ok")],
    ["another kind", chatWork("x"), { kind: "custom", output: "ok" }],
    ["a chat's answer elsewhere", { kind: "custom", input: "x" }, chatOutput("ok")],
    [
      "fewer vectors than texts",
      { kind: "embedding", input: { texts: ["a", "b"] } },
      { kind: "embedding", output: { embeddings: [[1]], dimensions: 1 } },
    ],
    [
      "vectors of other dimensions",
      { kind: "embedding", input: { texts: ["a"], dimensions: 2 } },
      { kind: "embedding", output: { embeddings: [[1]], dimensions: 1 } },
    ],
  ]
  test.each(wrong)("is none if it is %s", (_what, work, output) => {
    expect(fit(work, output)).toBeNull()
  })

  const right: [string, Work, CacheableOutput][] = [
    ["a text though tools are offered", chatWork("x", { tools: [tool], toolChoice: "auto" }), chatOutput("ok")],
    ["any JSON of a custom route", { kind: "custom", input: null }, { kind: "custom", output: [null] }],
    [
      "a vector for each text",
      { kind: "embedding", input: { texts: ["a"] } },
      { kind: "embedding", output: { embeddings: [[1]], dimensions: 1 } },
    ],
  ]
  test.each(right)("is one if it is %s", (_what, work, output) => {
    expect(fit(work, output)).toEqual({ output, schemaValid: null })
  })
})
