import { describe, expect, test } from "vitest"
import { configuration } from "./configuration.ts"
import { parseCredentialRef } from "./credential-ref.ts"

const endpoint = { provider: "openai", baseUrl: "http://127.0.0.1:9100/v1", model: "m" }
const minimal = { endpoints: { a: endpoint }, routes: { chat: { tiers: [{ name: "primary", endpoints: ["a"] }] } } }

describe("configuration", () => {
  test("takes an endpoint and a route with the required keys alone", () => {
    expect(configuration.parse(minimal)).toEqual({
      ...minimal,
      routes: { chat: { ...minimal.routes.chat, kind: "chat" } },
      tenants: {},
      deadLetters: { retentionMs: 7_776_000_000, alert: { windowMs: 300_000, floor: 20, factor: 3 } },
      webhooks: { allowPrivate: [] },
      defaults: {},
      objectives: {},
      retention: { succeeded: 2_592_000_000, failed: 7_776_000_000, cancelled: 2_592_000_000, expired: 7_776_000_000 },
    })
  })

  const tiers = (...list: object[]) => ({ ...minimal, routes: { chat: { tiers: list } } })
  const primary = { name: "primary", endpoints: ["a"] }
  const wrong: [string, unknown, (string | number)[]][] = [
    ["an endpoint that does not exist", tiers({ name: "primary", endpoints: ["a", "b"] }), ["routes", "chat", "tiers", 0, "endpoints", 1]],
    ["a route that begins with its fallback", tiers({ name: "fallback", endpoints: ["a"] }), ["routes", "chat", "tiers"]],
    ["a tier that stands twice", tiers(primary, primary), ["routes", "chat", "tiers"]],
    ["an unknown tier", tiers(primary, { name: "magic" }), ["routes", "chat", "tiers", 1, "name"]],
    ["a secret in the open", { ...minimal, endpoints: { a: { ...endpoint, apiKey: "sk-123" } } }, ["endpoints", "a", "apiKey"]],
    ["a base URL that is none", { ...minimal, endpoints: { a: { ...endpoint, baseUrl: "localhost" } } }, ["endpoints", "a", "baseUrl"]],
    [
      "a canary of another kind",
      { ...minimal, routes: { chat: { tiers: [primary], canary: { texts: ["x"] } } } },
      ["routes", "chat", "canary", "messages"],
    ],
    ["an unknown key", { ...minimal, endpoints: { a: { ...endpoint, modle: "x" } } }, ["endpoints", "a"]],
    ["a range that is none", { ...minimal, webhooks: { allowPrivate: ["10.0.0.0"] } }, ["webhooks", "allowPrivate", 0]],
  ]
  test.each(wrong)("refuses %s, and says where", (_what, value, path) => {
    expect(configuration.safeParse(value).error?.issues[0]?.path).toEqual(path)
  })
})

test("parseCredentialRef takes references apart", () => {
  expect(parseCredentialRef("env:OPENAI_API_KEY")).toEqual({ from: "env", variable: "OPENAI_API_KEY" })
  expect(parseCredentialRef("file:/run/secrets/key")).toEqual({ from: "file", path: "/run/secrets/key" })
  expect(parseCredentialRef("aws-sm:prod/openai#key")).toEqual({ from: "aws-sm", secret: "prod/openai", key: "key" })
  expect(parseCredentialRef("aws-sm:prod/openai")).toEqual({ from: "aws-sm", secret: "prod/openai", key: null })
})
