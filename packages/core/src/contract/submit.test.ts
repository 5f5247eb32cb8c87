import { describe, expect, test } from "vitest"
import { ZodError } from "zod"
import { parseWork } from "./input.ts"
import { submitRequest } from "./submit.ts"

/** The example of the wire contract, as a caller sends it. */
const example = {
  route: "chat",
  input: {
    messages: [
      {
        role: "user",
        content: [
          { type: "text", text: "Summarise" },
          { type: "image", url: "https://cdn.example/1.png" },
        ],
      },
    ],
    maxOutputTokens: 800,
    temperature: 0.2,
    tools: [],
    toolChoice: "auto",
    responseFormat: { type: "json_schema", name: "summary", schema: { type: "object" } },
    providerOptions: { openai: { reasoning_effort: "low" } },
  },
  options: {
    priority: "standard",
    runAt: null,
    expiresInMs: 600_000,
    fallback: "provider",
    degradeAfterMs: 30_000,
    cache: "use",
    cacheKey: null,
    task: null,
    maxCostUsd: 0.05,
    affinityKey: "conv_9",
    retainMs: 86_400_000,
  },
  webhook: { url: "https://app.example/hooks", events: ["job.succeeded", "job.failed", "job.expired"] },
  metadata: { orderId: "81" },
}

describe("submitRequest", () => {
  test("takes the contract's example, and a request with the required fields alone", () => {
    expect(submitRequest.parse(example)).toEqual(example)
    expect(parseWork("chat", example.input)).toEqual({ kind: "chat", input: example.input })
    expect(submitRequest.safeParse({ route: "chat", input: null }).success).toBe(true)
  })

  const wrong: [string, (body: typeof example) => unknown, (string | number)[]][] = [
    ["an unknown field", (body) => ({ ...body, surprise: 1 }), []],
    ["an unknown option", (body) => ({ ...body, options: { ...body.options, surprise: 1 } }), ["options"]],
    ["a missing route", ({ route: _route, ...body }) => body, ["route"]],
    ["a route name with a colon", (body) => ({ ...body, route: "a:b" }), ["route"]],
    ["an unknown priority", (body) => ({ ...body, options: { priority: "urgent" } }), ["options", "priority"]],
    ["an expiry of a year", (body) => ({ ...body, options: { expiresInMs: 31_536_000_000 } }), ["options", "expiresInMs"]],
    ["a time without a zone", (body) => ({ ...body, options: { runAt: "2026-01-01T00:00:00" } }), ["options", "runAt"]],
    [
      "a webhook secret of another form",
      (body) => ({ ...body, webhook: { url: "https://a.example", secret: "x" } }),
      ["webhook", "secret"],
    ],
    [
      "a webhook secret of 66 bytes",
      (body) => ({ ...body, webhook: { url: "https://a.example", secret: `whsec_${"a".repeat(88)}` } }),
      ["webhook", "secret"],
    ],
    ["a missing input", ({ input: _input, ...body }) => body, ["input"]],
    ["metadata that is no object", (body) => ({ ...body, metadata: [] }), ["metadata"]],
    [
      "too much metadata",
      (body) => ({ ...body, metadata: Object.fromEntries(Array.from({ length: 51 }, (_, key) => [key, ""])) }),
      ["metadata"],
    ],
    ["metadata that is too long", (body) => ({ ...body, metadata: { a: "x".repeat(513) } }), ["metadata", "a"]],
    ["metadata that is not text", (body) => ({ ...body, metadata: { n: 1 } }), ["metadata", "n"]],
  ]
  test.each(wrong)("refuses %s, and says where", (_what, spoil, path) => {
    expect(submitRequest.safeParse(spoil(example)).error?.issues[0]?.path).toEqual(path)
  })
})

test("keeps a key called __proto__ where keys are free, and pollutes nothing", () => {
  const body = JSON.parse('{"route":"chat","input":{"__proto__":{"a":1}},"metadata":{"__proto__":"x"}}')
  const parsed = submitRequest.parse(body)
  expect(JSON.stringify(parsed)).toBe(JSON.stringify(body))
  expect(Object.keys({})).toEqual([])
  const tools = JSON.parse('[{"name":"t","parameters":{"properties":{"__proto__":{"type":"string"}}}}]')
  const input = { messages: [{ role: "user", content: "x" }], tools, providerOptions: JSON.parse('{"openai":{"__proto__":1}}') }
  expect(JSON.stringify(parseWork("chat", input).input)).toBe(JSON.stringify(input))
})

describe("parseWork", () => {
  const wrong: [string, "chat" | "embedding" | "image", unknown, (string | number)[]][] = [
    ["no messages", "chat", { messages: [] }, ["messages"]],
    ["an unknown role", "chat", { messages: [{ role: "bot", content: "x" }] }, ["messages", 0, "role"]],
    [
      "a script as an image",
      "chat",
      { messages: [{ role: "user", content: [{ type: "image", url: "javascript:1" }] }] },
      ["messages", 0, "content", 0, "url"],
    ],
    ["no texts", "embedding", { texts: [] }, ["texts"]],
    ["a size in words", "image", { prompt: "x", size: "large" }, ["size"]],
  ]
  test.each(wrong)("refuses %s, and says where", (_what, kind, input, path) => {
    const parse = () => parseWork(kind, input)
    expect(parse).toThrow(ZodError)
    try {
      parse()
    } catch (error) {
      expect(error instanceof ZodError && error.issues[0]?.path).toEqual(path)
    }
  })

  test("takes anything for a custom route", () => {
    expect(parseWork("custom", [1, { a: null }])).toEqual({ kind: "custom", input: [1, { a: null }] })
  })
})
