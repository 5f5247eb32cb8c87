import { createWebhookSecret, signWebhook } from "@sluice/core"
import { expect, test } from "vitest"
import { verifyEvent } from "./verify-event.ts"

const secret = createWebhookSecret()
const timestamp = new Date("2026-11-21T12:00:00.000Z")
const now = () => timestamp.getTime() + 1_000
const body = JSON.stringify({
  id: "evt_1",
  type: "job.succeeded",
  timestamp: "2026-11-21T11:59:59.000Z",
  apiVersion: "1",
  data: { id: "job_1", status: "succeeded" },
})
const signed = (secrets = [secret]) => signWebhook({ id: "evt_1", timestamp, body, secrets })

test("reads an event that is signed, as text or as bytes", async () => {
  const headers = await signed()
  const event = { id: "evt_1", type: "job.succeeded", occurredAt: "2026-11-21T11:59:59.000Z", data: { status: "succeeded" } }
  expect(await verifyEvent({ headers, body, secret, now })).toMatchObject(event)
  expect(await verifyEvent({ headers: new Headers(headers), body: new TextEncoder().encode(body), secret, now })).toMatchObject(event)
})

test("takes the old secret as well as the new one", async () => {
  expect(await verifyEvent({ headers: await signed(), body, secret: [createWebhookSecret(), secret], now })).toMatchObject({ id: "evt_1" })
})

test.each([
  ["another secret", { secret: createWebhookSecret() }],
  ["a body that was changed", { body: body.replace("succeeded", "failed") }],
  ["a request from long ago", { now: () => now() + 3_600_000 }],
])("refuses %s", async (_what, change) => {
  const attempt = verifyEvent({ headers: await signed(), body, secret, now, ...change })
  await expect(attempt).rejects.toMatchObject({ name: "WebhookVerificationError" })
})
