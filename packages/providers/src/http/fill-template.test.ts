import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { fillTemplate, fillText } from "./fill-template.ts"
import { valueAt } from "./json-pointer.ts"

const values = {
  input: { text: "river", count: 3, tags: ["a", "b"], nested: { deep: [{ x: 1 }] }, nothing: null, "": 7 },
  model: "m-1",
}

describe("fillTemplate", () => {
  test.each([
    ["{{input.text}}", "river"],
    ["{{ input.count }}", 3],
    ["{{input.tags}}", ["a", "b"]],
    ["{{input.nested.deep.0.x}}", 1],
    ["{{input.nothing}}", null],
    ["{{input}}", values.input],
    ["{{model}}", "m-1"],
    ["{{input.text}} by {{model}}, {{input.tags}}", 'river by m-1, ["a","b"]'],
    ["[{{input.missing}}{{input.nothing}}]", "[]"],
    ["{{other}} {{ input }}x", `{{other}} ${JSON.stringify(values.input)}x`],
    ["plain", "plain"],
    [17, 17],
    [null, null],
  ])("%j becomes %j", (template, expected) => {
    expect(fillTemplate(template, values)).toEqual(expected)
  })

  test("leaves out members without a value, and keeps the places of a list", () => {
    const template = { prompt: "{{input.text}}", size: "{{input.size}}", list: ["{{input.size}}", "{{model}}"], fixed: { a: true } }
    expect(fillTemplate(template, values)).toEqual({ prompt: "river", list: [null, "m-1"], fixed: { a: true } })
  })

  test.each(["{{input.constructor}}", "{{input.__proto__}}", "{{input.tags.length}}", "{{input.tags.-1}}"])(
    "%s reaches nothing",
    (template) => {
      expect(fillTemplate(template, values)).toBeUndefined()
    },
  )

  test("takes values as they are, also when they look like placeholders", () => {
    const input = { text: "{{model}} $& $1" }
    expect(fillTemplate("{{input.text}}", { input, model: "m" })).toBe("{{model}} $& $1")
    expect(fillTemplate("<{{input.text}}>", { input, model: "m" })).toBe("<{{model}} $& $1>")
  })

  test("brings any JSON through unchanged", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (input) => {
        const json = JSON.parse(JSON.stringify(input))
        expect(fillTemplate({ a: "{{input}}" }, { input: json, model: "m" })).toEqual({ a: json })
      }),
    )
  })
})

test("fillText encodes each value", () => {
  expect(fillText("/x/{{input.text}}?m={{model}}", { input: { text: "a/b c" }, model: "m&1" }, encodeURIComponent)).toBe(
    "/x/a%2Fb%20c?m=m%261",
  )
})

describe("valueAt", () => {
  test.each([
    ["", values.input],
    ["/text", "river"],
    ["/tags/1", "b"],
    ["/nested/deep/0/x", 1],
    ["/nothing", null],
    ["/", 7],
    ["/missing", undefined],
    ["/tags/2", undefined],
    ["/text/0", undefined],
    ["/constructor", undefined],
  ])("%j", (pointer, expected) => {
    expect(valueAt(values.input, pointer)).toEqual(expected)
  })

  test("knows the escapes", () => {
    expect(valueAt({ "a/b": { "~c": 1 } }, "/a~1b/~0c")).toBe(1)
  })
})
