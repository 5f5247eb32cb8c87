import { describe, expect, test } from "vitest"
import { createWebhookSecret, parseWebhookSecret, WebhookSecretError, webhookSecretPattern } from "./webhook-secret.ts"

const secretOf = (bytes: number): string => `whsec_${Buffer.alloc(bytes, 0xfb).toString("base64")}`

describe("createWebhookSecret", () => {
  test("makes a new one of 32 bytes each time", () => {
    expect(parseWebhookSecret(createWebhookSecret())).toHaveLength(32)
    expect(createWebhookSecret()).not.toBe(createWebhookSecret())
  })

  test("takes its bytes from the randomness given", () => {
    expect(createWebhookSecret({ bytes: 24, random: (into) => void into.fill(0xfb) })).toBe(secretOf(24))
  })

  test.each([0, 23, 65])("does not make one of %d bytes", (bytes) => {
    expect(() => createWebhookSecret({ bytes })).toThrow(WebhookSecretError)
  })
})

describe("parseWebhookSecret", () => {
  test.each([24, 25, 26, 32, 64])("takes one of %d bytes", (bytes) => {
    expect(parseWebhookSecret(secretOf(bytes))).toEqual(new Uint8Array(bytes).fill(0xfb))
  })

  test.each([
    ["no prefix", "hunter2hunter2hunter2hunter2hunter2", "begins with whsec_"],
    ["another case", secretOf(32).toUpperCase(), "begins with whsec_"],
    ["nothing after it", "whsec_", "holds 0"],
    ["23 bytes", secretOf(23), "holds 23"],
    ["65 bytes", secretOf(65), "holds 65"],
    ["base64url", secretOf(32).replaceAll("/", "_").replaceAll("+", "-"), "base64"],
    ["a missing padding", secretOf(32).replaceAll("=", ""), "base64"],
    ["a line break", `${secretOf(32)}\n`, "base64"],
    ["text", "whsec_this is not base64 but long enough", "base64"],
  ])("refuses %s, without repeating it", (_what, secret, words) => {
    const refuse = (): unknown => parseWebhookSecret(secret)
    expect(refuse).toThrow(WebhookSecretError)
    expect(refuse).toThrow(words)
    expect(refuse).not.toThrow(secret.slice(6, 20) || "never")
  })
})

test("the pattern of schemas takes what can be parsed, and nothing else", () => {
  const isParsed = (secret: string): boolean => {
    try {
      return parseWebhookSecret(secret).length > 0
    } catch {
      return false
    }
  }
  const lengths = Array.from({ length: 100 }, (_, length) => length)
  const candidates = lengths.flatMap((length) => [secretOf(length), secretOf(length).replace("=", ""), `whsec_${"a".repeat(length)}`])
  expect(candidates.filter(isParsed)).toEqual(candidates.filter((secret) => webhookSecretPattern.test(secret)))
  expect(candidates.filter(isParsed).length).toBeGreaterThan(41)
})
