import type { ChatInput, Endpoint } from "@sluice/core"
import { expect, test } from "vitest"
import { isCapable } from "./capable.ts"

const endpoint = (extra: Partial<Endpoint>): Endpoint => ({ name: "a", provider: "openai", baseUrl: "http://a", model: "m", ...extra })
const chat = (extra: Partial<ChatInput>) => ({
  kind: "chat" as const,
  input: { messages: [{ role: "user" as const, content: "hi" }], ...extra },
})
const picture = chat({ messages: [{ role: "user", content: [{ type: "image", url: "https://a.example/1.png" }] }] })
const withTools = chat({ tools: [{ name: "t", parameters: {} }] })
const structured = chat({ responseFormat: { type: "json_schema", name: "r", schema: {} } })
const long = chat({ messages: [{ role: "user", content: "x".repeat(4_004) }] })
const everything = () => true

test.each([
  ["an image to one that sees", picture, { capabilities: ["vision"] }, true],
  ["an image to one that does not", picture, { capabilities: ["tools"] }, false],
  ["tools to one without", withTools, { capabilities: ["vision"] }, false],
  ["no tools to one without", chat({ tools: [] }), { capabilities: [] }, true],
  ["a schema to one without", structured, { capabilities: ["vision", "tools"] }, false],
  ["anything to one of which nothing is said", picture, {}, true],
  ["1,001 tokens to 1,000", long, { contextTokens: 1_000 }, false],
  ["1,001 tokens to 1,001", long, { contextTokens: 1_001 }, true],
] as const)("%s", (_what, work, extra, expected) => {
  expect(
    isCapable(
      endpoint({ ...extra, capabilities: "capabilities" in extra ? [...extra.capabilities] : undefined } as Partial<Endpoint>),
      work,
      everything,
    ),
  ).toBe(expected)
})

test("a kind that the wire does not have", () => {
  expect(isCapable(endpoint({}), picture, (kind) => kind !== "chat")).toBe(false)
})
