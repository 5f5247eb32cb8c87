import type { Work } from "@sluice/core"
import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { requestKeyOf } from "./request-key.ts"
import { chatWork } from "./testing/answer-cache-harness.ts"

const tool = { name: "look", parameters: { type: "object" } }
const schema = { type: "json_schema", name: "r", schema: { type: "object" } } as const

describe("the request key", () => {
  const equals: [string, Work, Work][] = [
    [
      "text and a single part",
      chatWork("hi"),
      { kind: "chat", input: { messages: [{ role: "user", content: [{ type: "text", text: "hi" }] }] } },
    ],
    [
      "defaults that are spelled out",
      chatWork("hi"),
      chatWork("hi", { tools: [], toolChoice: "auto", stop: [], responseFormat: { type: "text" }, providerOptions: { openai: {} } }),
    ],
    ["a choice among tools that are not there", chatWork("hi"), chatWork("hi", { toolChoice: "none" })],
    ["a choice that is the default", chatWork("hi", { tools: [tool] }), chatWork("hi", { tools: [tool], toolChoice: "auto" })],
    [
      "an assistant's empty content",
      { kind: "chat", input: { messages: [{ role: "assistant", content: null, toolCalls: [] }] } },
      { kind: "chat", input: { messages: [{ role: "assistant" }] } },
    ],
    [
      "empty provider options of embeddings",
      { kind: "embedding", input: { texts: ["a"] } },
      { kind: "embedding", input: { texts: ["a"], providerOptions: { openai: {} } } },
    ],
    ["the order of keys", chatWork("hi", { temperature: 1, topP: 0.5 }), chatWork("hi", { topP: 0.5, temperature: 1 })],
    [
      "the order of keys in any JSON",
      { kind: "custom", input: { a: 1, b: [{ c: 2, d: 3 }] } },
      { kind: "custom", input: { b: [{ d: 3, c: 2 }], a: 1 } },
    ],
  ]
  test.each(equals)("does not see %s", (_what, one, other) => {
    expect(requestKeyOf(one)).toBe(requestKeyOf(other))
  })

  const base = chatWork("hi")
  const different: [string, Work][] = [
    ["the text", chatWork("Hi")],
    ["white space", chatWork("hi ")],
    ["the role", { kind: "chat", input: { messages: [{ role: "system", content: "hi" }] } }],
    ["another message", { kind: "chat", input: { messages: [...base.input.messages, ...base.input.messages] } }],
    [
      "an image",
      {
        kind: "chat",
        input: {
          messages: [
            {
              role: "user",
              content: [
                { type: "text", text: "hi" },
                { type: "image", url: "https://a.example/1.png" },
              ],
            },
          ],
        },
      },
    ],
    ["the temperature", chatWork("hi", { temperature: 0 })],
    ["the length", chatWork("hi", { maxOutputTokens: 9 })],
    ["the ends", chatWork("hi", { stop: ["x"] })],
    ["the tools", chatWork("hi", { tools: [tool] })],
    ["which tool", chatWork("hi", { tools: [tool], toolChoice: "required" })],
    ["the response format", chatWork("hi", { responseFormat: { type: "json_object" } })],
    ["the schema", chatWork("hi", { responseFormat: schema })],
    ["a provider's options", chatWork("hi", { providerOptions: { openai: { seed: 1 } } })],
    ["the kind", { kind: "custom", input: JSON.parse(JSON.stringify(base.input)) }],
  ]
  test.each(different)("sees %s", (_what, other) => {
    expect(requestKeyOf(other)).not.toBe(requestKeyOf(base))
  })

  test("tells all of these apart from each other", () => {
    expect(new Set(different.map(([, work]) => requestKeyOf(work))).size).toBe(different.length)
  })

  test("is the same for equal JSON and another for unequal JSON", () => {
    const keyOf = (input: unknown) => requestKeyOf({ kind: "custom", input: JSON.parse(JSON.stringify(input)) })
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 3 }), fc.jsonValue({ maxDepth: 3 }), (one, other) => {
        const isEqual = JSON.stringify(sorted(one)) === JSON.stringify(sorted(other))
        expect(keyOf(one) === keyOf(other)).toBe(isEqual)
      }),
    )
  })
})

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== "object" || value === null) return value
  return Object.entries(value)
    .map(([key, part]): [string, unknown] => [key, sorted(part)])
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .concat([["is an object", true]])
}
