import type { Json } from "@sluice/core"
import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { chatWork } from "../../cache/testing/answer-cache-harness.ts"
import { fillTemplate, placeholdersOf } from "./fill-template.ts"
import { template } from "./template.ts"

const request = { work: chatWork("Where is it?", { temperature: 0.5 }), metadata: { orderId: "81", "a-b": "c" }, task: "order" }
const answer = (output: Json, overrides = {}) => template.answer({ ...request, ...overrides }, { output })

describe("the template rule", () => {
  const filled: [Json, Json][] = [
    ["We look into order {{metadata.orderId}}.", "We look into order 81."],
    ["{{ metadata.a-b }} {{task}}: {{text}}", "c order: Where is it?"],
    ["{{input.temperature}}", 0.5],
    ["at {{input.temperature}}", "at 0.5"],
    ["{{input.messages.0}}", { role: "user", content: "Where is it?" }],
    ["{{metadata}}!", '{"orderId":"81","a-b":"c"}!'],
    [
      { id: "{{metadata.orderId}}", list: ["{{task}}", 1, null, true] },
      { id: "81", list: ["order", 1, null, true] },
    ],
    ["{ {{task}} } {single} {{}} {{ two words }}", "{ order } {single} {{}} {{ two words }}"],
  ]
  test.each(filled)("fills %j", (output, expected) => {
    expect(answer(output)).toEqual(expected)
  })

  const unfilled: Json[] = [
    "{{metadata.unknown}}",
    "Order {{metadata.unknown}}",
    { a: ["{{input.messages.1}}"] },
    "{{metadata.constructor}}",
    "{{input.messages.length}}",
  ]
  test.each(unfilled)("has no answer when something is not there: %j", (output) => {
    expect(answer(output)).toBeNull()
  })

  test("has no answer without a task or a text that it names, nor a very long one", () => {
    expect(answer("{{task}}", { task: null })).toBeNull()
    expect(answer("Task {{task}}", { task: null })).toBeNull()
    expect(answer("{{text}}", { work: { kind: "custom", input: 5 } })).toBeNull()
    expect(answer("{{input}}", { work: { kind: "custom", input: 5 } })).toBe(5)
    expect(answer("{{text}}", { work: chatWork("x".repeat(300_000)) })).toBeNull()
  })

  test("does not fill in what was filled in", () => {
    expect(answer("{{text}} {{task}}", { work: chatWork("{{metadata.orderId}} $& $1") })).toBe("{{metadata.orderId}} $& $1 order")
  })

  test("refuses placeholders that can lead nowhere", () => {
    expect(template.faultsOf({ output: { a: "{{prompt}}" } })).toEqual([
      { path: ["output"], message: "{{prompt}} leads nowhere. Known: {{input}}, {{text}}, {{metadata}}, {{task}}." },
    ])
    expect(template.faultsOf({})).toMatchObject([{ path: ["output"] }])
    expect(template.faultsOf({ output: "{{input.a}} {{text}} {{metadata.b}} {{task}}" })).toEqual([])
  })
})

test("a template without placeholders comes out as it went in", () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const plain: Json = JSON.parse(JSON.stringify(value))
      fc.pre(placeholdersOf(plain).length === 0)
      expect(fillTemplate(plain, {})).toEqual(plain)
    }),
  )
})
