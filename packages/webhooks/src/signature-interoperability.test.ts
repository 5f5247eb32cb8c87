import { createWebhookSecret, signWebhook, verifyWebhook } from "@sluice/core"
import { OpenAI } from "openai"
import { Webhook } from "standardwebhooks"
import { describe, expect, test } from "vitest"

const secret = createWebhookSecret()
const next = createWebhookSecret()
const body = '{"id":"evt_1","type":"job.succeeded","data":{"text":"žluťoučký 🐎"}}'

const sign = (secrets: string[]) => signWebhook({ id: "evt_1", timestamp: new Date(), body, secrets })

describe("Standard Webhooks", () => {
  test("its library verifies ours, also while a secret is rotated", async () => {
    expect(new Webhook(secret).verify(body, await sign([secret]))).toEqual(JSON.parse(body))
    const rotating = await sign([secret, next])
    for (const known of [secret, next]) expect(new Webhook(known).verify(body, rotating)).toEqual(JSON.parse(body))
  })

  test("its library refuses ours when they were changed", async () => {
    const headers = await sign([secret])
    expect(() => new Webhook(next).verify(body, headers)).toThrow("No matching signature")
    expect(() => new Webhook(secret).verify(`${body} `, headers)).toThrow("No matching signature")
  })

  test("we verify what its library signs", async () => {
    const at = new Date()
    const headers = {
      "webhook-id": "msg_1",
      "webhook-timestamp": String(Math.floor(at.getTime() / 1_000)),
      "webhook-signature": new Webhook(secret).sign("msg_1", at, body),
    }
    expect((await verifyWebhook({ headers, body, secrets: [next, secret] })).id).toBe("msg_1")
  })
})

test("the OpenAI SDK unwraps ours", async () => {
  const client = new OpenAI({ apiKey: "unused", webhookSecret: secret })
  expect(await client.webhooks.unwrap(body, await sign([next, secret]))).toEqual(JSON.parse(body))
  await expect(client.webhooks.unwrap(body, await sign([next]))).rejects.toThrow("signature")
})
