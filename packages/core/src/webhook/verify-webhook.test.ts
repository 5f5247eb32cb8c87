import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { signWebhook } from "./sign-webhook.ts"
import { type VerifiedWebhook, verifyWebhook, type WebhookHeaders } from "./verify-webhook.ts"
import { createWebhookSecret, WebhookSecretError } from "./webhook-secret.ts"
import { WebhookVerificationError } from "./webhook-verification-error.ts"

const secret = `whsec_${btoa("a".repeat(32))}`
const other = `whsec_${btoa("b".repeat(32))}`
const at = new Date("2026-11-20T18:00:00.700Z")
const body = '{"id":"evt_1","text":"žluťoučký 🐎"}'
const now = () => at

const sign = (secrets: string[] = [secret]) => signWebhook({ id: "evt_1", timestamp: at, body, secrets })

/** What is wrong, or null. */
async function faultOf(verification: Promise<VerifiedWebhook>): Promise<string | null> {
  return verification.then(
    () => null,
    (error: unknown) => (error instanceof WebhookVerificationError ? error.fault : String(error)),
  )
}

describe("signWebhook", () => {
  test("signs as the example of the specification", async () => {
    const headers = await signWebhook({
      id: "msg_p5jXN8AQM9LWM0D4loKWxJek",
      timestamp: new Date(1_614_265_330_000),
      body: '{"test": 2432232314}',
      secrets: ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"],
    })
    expect(headers).toEqual({
      "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
      "webhook-timestamp": "1614265330",
      "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    })
  })

  test.each(["", "a.b", "a b", "a\r\nx: y", "é"])("refuses the id %j", async (id) => {
    await expect(signWebhook({ id, timestamp: at, body, secrets: [secret] })).rejects.toThrow(RangeError)
  })

  test("refuses to sign with nothing, or with what is no secret", async () => {
    await expect(sign([])).rejects.toThrow(RangeError)
    await expect(sign([secret, "hunter2"])).rejects.toThrow(WebhookSecretError)
  })
})

describe("verifyWebhook", () => {
  test("tells the event and the time of a webhook of ours", async () => {
    const verified = await verifyWebhook({ headers: await sign(), body, secrets: [secret], now })
    expect(verified).toEqual({ id: "evt_1", timestamp: new Date("2026-11-20T18:00:00.000Z") })
  })

  test("takes the body as bytes, and headers as any server has them", async () => {
    const signed = await sign()
    const shapes: WebhookHeaders[] = [
      new Headers(signed),
      Object.fromEntries(Object.entries(signed).map(([name, value]) => [name.toUpperCase(), value])),
      Object.fromEntries(Object.entries(signed).map(([name, value]) => [name, [value]])),
    ]
    for (const headers of shapes) {
      expect(await faultOf(verifyWebhook({ headers, body: new TextEncoder().encode(body), secrets: [secret], now }))).toBeNull()
    }
  })

  test("is content with one secret of several, on either side", async () => {
    const rotating = await sign([secret, other])
    for (const known of [[secret], [other], [createWebhookSecret(), other]]) {
      expect(await faultOf(verifyWebhook({ headers: rotating, body, secrets: known, now }))).toBeNull()
    }
    expect(await faultOf(verifyWebhook({ headers: rotating, body, secrets: [createWebhookSecret()], now }))).toBe("no_match")
  })

  test("refuses whatever differs by a character", async () => {
    const signed = await sign()
    const signature = signed["webhook-signature"]
    const changed: [string, object, string][] = [
      ["body", signed, `${body} `],
      ["id", { ...signed, "webhook-id": "evt_2" }, body],
      ["timestamp", { ...signed, "webhook-timestamp": String(Number(signed["webhook-timestamp"]) + 1) }, body],
      ["version", { ...signed, "webhook-signature": signature.replace("v1,", "v1a,") }, body],
      ["signature", { ...signed, "webhook-signature": signature.slice(0, -1) }, body],
      ["prefix", { ...signed, "webhook-signature": signature.slice(0, 12) }, body],
      ["suffix", { ...signed, "webhook-signature": `${signature}=` }, body],
      ["comma", { ...signed, "webhook-signature": signature.replace(",", " ") }, body],
    ]
    for (const [what, headers, text] of changed) {
      expect([what, await faultOf(verifyWebhook({ headers: { ...headers }, body: text, secrets: [secret], now }))]).toEqual([
        what,
        "no_match",
      ])
    }
  })

  test.each(["webhook-id", "webhook-timestamp", "webhook-signature"])("says that %s is missing", async (name) => {
    for (const value of [undefined, "", []]) {
      const verification = verifyWebhook({ headers: { ...(await sign()), [name]: value }, body, secrets: [secret], now })
      expect(await faultOf(verification)).toBe("missing_header")
      await expect(verification).rejects.toThrow(name)
    }
  })

  test.each(["soon", "-1", "1e9", "1614265330.5", "99999999999999", " 1"])("says that the timestamp %j is none", async (timestamp) => {
    const headers = { ...(await sign()), "webhook-timestamp": timestamp }
    expect(await faultOf(verifyWebhook({ headers, body, secrets: [secret], now }))).toBe("invalid_timestamp")
  })

  test("keeps to the tolerance, both ways", async () => {
    const headers = await sign()
    const signedMs = Math.floor(at.getTime() / 1_000) * 1_000
    const verdict = (offsetMs: number, toleranceMs?: number) => {
      const limits = toleranceMs === undefined ? {} : { toleranceMs }
      return faultOf(verifyWebhook({ headers, body, secrets: [secret], now: () => new Date(signedMs + offsetMs), ...limits }))
    }
    expect([await verdict(300_000), await verdict(300_001), await verdict(-300_000), await verdict(-300_001)]).toEqual([
      null,
      "too_old",
      null,
      "too_new",
    ])
    expect([await verdict(1_000, 999), await verdict(1_000, 1_000)]).toEqual(["too_old", null])
  })

  test("does not read a list of signatures without end", async () => {
    const signed = await sign()
    const padded = `${"v1,AAAA ".repeat(40)}${signed["webhook-signature"]}`
    expect(await faultOf(verifyWebhook({ headers: { ...signed, "webhook-signature": padded }, body, secrets: [secret], now }))).toBe(
      "no_match",
    )
  })

  test("asks for a secret", async () => {
    await expect(verifyWebhook({ headers: await sign(), body, secrets: [], now })).rejects.toThrow(RangeError)
    await expect(verifyWebhook({ headers: await sign(), body, secrets: ["x"], now })).rejects.toThrow(WebhookSecretError)
  })

  test("accepts what was signed, whatever it is", async () => {
    const secrets = fc.array(fc.uint8Array({ minLength: 24, maxLength: 64 }), { minLength: 1, maxLength: 3 })
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: "binary" }), fc.stringMatching(/^[\w-]{1,40}$/), secrets, async (text, id, keys) => {
        const signing = keys.map((key) => `whsec_${Buffer.from(key).toString("base64")}`)
        const headers = await signWebhook({ id, timestamp: at, body: text, secrets: signing })
        for (const one of signing) expect((await verifyWebhook({ headers, body: text, secrets: [one], now })).id).toBe(id)
      }),
      { numRuns: 50 },
    )
  })
})
