import fc from "fast-check"
import { expect, test } from "vitest"
import { completionChunk, isPlainChunk, readChunk } from "./completion-chunk.ts"

const odd = fc.oneof(fc.constant(null), fc.constant(undefined), fc.string(), fc.integer(), fc.constant([]), fc.constant({}))
const often = <T>(usual: T) => fc.oneof({ weight: 9, arbitrary: fc.constant(usual) }, { weight: 1, arbitrary: odd })
const delta = fc.record(
  { content: often<unknown>("piece"), refusal: often(null), tool_calls: often(undefined), role: odd },
  { requiredKeys: ["content"] },
)
const choice = fc.record({
  index: often(0),
  delta: fc.oneof({ weight: 9, arbitrary: delta }, odd),
  finish_reason: often(null),
  logprobs: odd,
})
const event = fc.record({
  id: odd,
  model: often("sim-1"),
  choices: fc.oneof({ weight: 9, arbitrary: fc.array(choice, { minLength: 1, maxLength: 2 }) }, odd),
  usage: often(null),
  error: often(undefined),
})

test("what is taken for plain text is read as the schema would read it", () => {
  fc.assert(
    fc.property(event, (given) => {
      fc.pre(isPlainChunk(given))
      const { model, choices } = completionChunk.parse(given)
      const plain = readChunk(given)
      expect(plain.model).toEqual(model)
      expect(plain.choices[0]).toMatchObject({ index: choices[0]?.index, delta: { content: choices[0]?.delta?.content } })
      expect(plain.choices[0]?.finish_reason ?? null).toEqual(choices[0]?.finish_reason ?? null)
    }),
  )
})

test("the usual event of a text is plain", () => {
  const usual = {
    id: "c",
    object: "chat.completion.chunk",
    model: "m",
    choices: [{ index: 0, delta: { content: "a" }, finish_reason: null }],
    usage: null,
  }
  expect(isPlainChunk(usual)).toBe(true)
})

test.each([
  { choices: [] },
  { model: "m", choices: [{ index: 0, delta: { content: "a" }, finish_reason: "stop" }] },
  { model: "m", choices: [{ index: 0, delta: { content: [{ type: "text", text: "a" }] } }] },
  { model: "m", choices: [{ index: 0, delta: { tool_calls: [{ index: 0 }] } }] },
  { model: "m", choices: [{ index: 1, delta: { content: "a" } }] },
])("%j is for the schema", (given) => {
  expect(isPlainChunk(given)).toBe(false)
})
