import { isIP } from "node:net"
import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { checkWebhookUrl } from "./check-webhook-url.ts"
import { classifyAddress } from "./classify-address.ts"
import { webhookPolicy } from "./webhook-policy.ts"

const none = webhookPolicy({})

describe("checkWebhookUrl", () => {
  test.each([
    ["https://app.example/hooks", "https://app.example/hooks"],
    ["https://app.example", "https://app.example/"],
    ["HTTPS://App.EXAMPLE:443/Hooks?a=%2F&b=1", "https://app.example/Hooks?a=%2F&b=1"],
    ["https://app.example:8443/", "https://app.example:8443/"],
    ["https://app.example:8080/", "https://app.example:8080/"],
    ["https://app.example:3000/", "https://app.example:3000/"],
    ["https://app.example/a/../b", "https://app.example/b"],
    ["https://bücher.example/ä", "https://xn--bcher-kva.example/%C3%A4"],
    ["https://_hooks.my-app.example/", "https://_hooks.my-app.example/"],
    ["https://localhost.example/", "https://localhost.example/"],
    ["https://127.0.0.1.example/", "https://127.0.0.1.example/"],
    ["https://8.8.8.8/", "https://8.8.8.8/"],
    ["https://134744072/", "https://8.8.8.8/"],
    ["https://[2606:4700::1111]/", "https://[2606:4700::1111]/"],
    [`https://${"a".repeat(63)}.example/`, `https://${"a".repeat(63)}.example/`],
  ])("takes %s as %s", (text, url) => {
    expect(checkWebhookUrl(text, none)).toEqual({ ok: true, url })
  })

  test.each([
    ["http://app.example/", "begins with https://"],
    ["https://10.0.0.1/", "webhooks.allowPrivate"],
    ["https://localhost/", "webhooks.allowPrivate"],
    ["https://169.254.169.254/", "metadata service"],
    ["https://app.example:6379/", "port 6379"],
    ["https://user:hunter2@app.example/", "user name or password"],
    ["https://app.example./", "without a dot at its end"],
    ["https://app.example/#top", "after #"],
    ["app.example/hooks", "Write it whole"],
  ])("says what is wrong with %s and what to do, without secrets", (url, words) => {
    const verdict = checkWebhookUrl(url, none)
    expect(verdict).toMatchObject({ ok: false, message: expect.stringContaining(words) })
    expect(JSON.stringify(verdict)).not.toContain("hunter2")
  })

  test("allows http and local names where private ranges are, and leaves their addresses for later", () => {
    const policy = webhookPolicy({ allowPrivate: ["10.0.0.0/8"] })
    const verdicts = [
      "http://10.1.2.3:3000/",
      "https://10.1.2.3/",
      "http://hooks.internal/",
      "http://receiver:3000/",
      "http://localhost:3000/",
    ]
    expect(verdicts.filter((url) => !checkWebhookUrl(url, policy).ok)).toEqual([])
    expect(checkWebhookUrl("http://8.8.8.8/", policy)).toMatchObject({ reason: "scheme" })
    expect(checkWebhookUrl("http://192.168.1.1/", policy)).toMatchObject({ reason: "address" })
  })

  test("goes by the ports of the policy", () => {
    const policy = webhookPolicy({ deniedPorts: [8_443] })
    expect(checkWebhookUrl("https://app.example:8443/", policy)).toMatchObject({ reason: "port" })
    expect(checkWebhookUrl("https://app.example:22/", policy)).toMatchObject({ ok: true })
    expect(checkWebhookUrl("https://app.example:0/", policy)).toMatchObject({ reason: "port" })
    expect(checkWebhookUrl("https://app.example/", webhookPolicy({ deniedPorts: [443] }))).toMatchObject({ reason: "port" })
  })

  test("has a verdict on anything, and only https to public places passes", () => {
    const number = fc.oneof(
      fc.nat(0xffffffff).map(String),
      fc.nat(0xffffffff).map((n) => `0x${n.toString(16)}`),
      fc.nat(255).map((n) => `0${n.toString(8)}`),
    )
    const address = fc.array(number, { minLength: 1, maxLength: 4 }).map((parts) => parts.join("."))
    const host = fc.oneof(
      address,
      fc.ipV4(),
      fc.ipV6().map((ip) => `[${ip}]`),
      fc.domain(),
      fc.string({ unit: "grapheme" }),
    )
    const url = fc.oneof(
      fc.tuple(fc.constantFrom("https", "http", "HTTPS"), host).map(([scheme, name]) => `${scheme}://${name}/`),
      fc.webUrl(),
      fc.string(),
    )
    fc.assert(
      fc.property(url, (text) => {
        const verdict = checkWebhookUrl(text, none)
        if (!verdict.ok) {
          expect(verdict.message).not.toBe("")
          return
        }
        const { protocol, hostname } = new URL(verdict.url)
        const literal = hostname.replace(/^\[|\]$/g, "")
        expect(protocol).toBe("https:")
        if (isIP(literal) !== 0) expect(classifyAddress(literal, none).kind).toBe("public")
        expect(checkWebhookUrl(verdict.url, none)).toEqual(verdict)
      }),
      { numRuns: 1_000 },
    )
  })
})
