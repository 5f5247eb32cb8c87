import { describe, expect, test } from "vitest"
import { parseConfiguration } from "./parse-configuration.ts"
import { resolveEndpoints } from "./resolve-endpoints.ts"
import { resolveRoutes } from "./resolve-routes.ts"

const parse = (text: string) => parseConfiguration({ fileName: "f", text })

describe("resolveEndpoints", () => {
  const endpoint = "provider: openai, baseUrl: http://x, model: m"
  const endpoints = (defaults: string, own: string) =>
    resolveEndpoints(parse(`endpoints: { a: { ${endpoint}, ${own} } }\nroutes: {}\ndefaults: { ${defaults} }`)).get("a")

  test("gives each endpoint its name, and nothing that nobody set", () => {
    expect(endpoints("", "weight: 2")).toStrictEqual({ name: "a", provider: "openai", baseUrl: "http://x", model: "m", weight: 2 })
  })
  test("takes from the defaults what the endpoint does not say", () => {
    expect(endpoints("timeoutMs: 1, firstChunkMs: 2, idleMs: 3", "timeoutMs: 9")).toMatchObject({
      timeoutMs: 9,
      firstChunkMs: 2,
      idleMs: 3,
    })
  })
  test.each([
    ["breaker: { openMs: 1, probes: 2 }", "breaker: { openMs: 9 }", { openMs: 9, probes: 2 }],
    ["breaker: { openMs: 1 }", "weight: 1", { openMs: 1 }],
    ["breaker: { openMs: 1 }", "breaker: off", "off"],
    ["breaker: off", "breaker: { openMs: 9 }", { openMs: 9 }],
    ["breaker: off", "weight: 1", "off"],
  ])("merges %s and %s", (defaults, own, expected) => {
    expect(endpoints(defaults, own)?.breaker).toEqual(expected)
  })
})

describe("resolveRoutes", () => {
  const route = (defaults: string, own: string) =>
    resolveRoutes(
      parse(
        `endpoints: { a: { provider: openai, baseUrl: http://x, model: m } }\nroutes: { chat: { tiers: [{ name: primary, endpoints: [a] }], ${own} } }\ndefaults: { ${defaults} }`,
      ),
    ).chat

  test.each([
    [
      "retry: { timeout: { retries: 1, delayMs: 5 }, network: { retries: 2 } }",
      "retry: { timeout: { retries: 9 } }",
      { timeout: { retries: 9, delayMs: 5 }, network: { retries: 2 } },
    ],
    ["retry: { network: { retries: 2 } }", "retry: { timeout: { retries: 9 } }", { timeout: { retries: 9 }, network: { retries: 2 } }],
    ["retry: { timeout: { retries: 1 } }", "kind: chat", { timeout: { retries: 1 } }],
    ["retry: { timeout: { retries: 1 } }", "retry: off", "off"],
    ["retry: off", "retry: { timeout: { retries: 1 } }", { timeout: { retries: 1 } }],
    ["retry: off", "kind: chat", "off"],
  ])("merges %s and %s", (defaults, own, expected) => {
    expect(route(defaults, own)?.retry).toEqual(expected)
  })
  test("adds nothing where nobody set retries", () => {
    expect(route("", "kind: chat")).not.toHaveProperty("retry")
  })
})
