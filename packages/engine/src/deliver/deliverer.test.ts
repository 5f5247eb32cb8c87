import { verifyWebhook } from "@sluice/core"
import { sampleDelivery, sampleSecret } from "@sluice/core/testing"
import { describe, expect, test, vi } from "vitest"
import { answered, createDeliveryHarness, timedOut } from "./testing/delivery-harness.ts"

const after = (ms: number) => new Date(Date.parse("2026-01-01T00:00:00.000Z") + ms)
const hang = (signal: AbortSignal) =>
  new Promise<never>((_resolve, reject) => signal.addEventListener("abort", () => reject(signal.reason), { once: true }))

describe("createDeliverer", () => {
  test("sends the stored body, signed by every valid secret, with the endpoint's headers", async () => {
    const { endpoint, deliver, sent, clock } = createDeliveryHarness({ answer: () => Promise.resolve(answered(204)) })
    const old = `whsec_${btoa("o".repeat(32))}`
    const ended = `whsec_${btoa("e".repeat(32))}`
    const to = await endpoint({
      headers: { "X-Tenant": "acme" },
      secrets: [
        { secret: sampleSecret, createdAt: after(0), expiresAt: null },
        { secret: old, createdAt: after(0), expiresAt: after(1) },
        { secret: ended, createdAt: after(0), expiresAt: after(0) },
      ],
    })
    const found = await deliver(to, { body: '{"id":"evt_1"}' })
    await vi.waitFor(async () => expect(await found()).toMatchObject({ status: "delivered", tryCount: 1, nextAttemptAt: null }))
    const [request] = sent
    expect(request).toMatchObject({
      url: to.url,
      body: '{"id":"evt_1"}',
      headers: { "X-Tenant": "acme", "content-type": "application/json" },
    })
    const verify = (secret: string) =>
      verifyWebhook({ headers: request?.headers ?? {}, body: request?.body ?? "", secrets: [secret], now: clock })
    await verify(sampleSecret)
    await verify(old)
    await expect(verify(ended)).rejects.toThrow()
  })

  test("follows the schedule and gives up at its end", async () => {
    const { endpoint, deliver, advance, log } = createDeliveryHarness({ answer: () => Promise.resolve(answered(500)) })
    const found = await deliver(await endpoint())
    await vi.waitFor(async () => expect(await found()).toMatchObject({ roundTries: 1, nextAttemptAt: after(5_000) }))
    advance(5_000)
    await vi.waitFor(async () => expect(await found()).toMatchObject({ roundTries: 2, nextAttemptAt: after(305_000) }))
    advance(300_000)
    await vi.waitFor(async () => expect(await found()).toMatchObject({ status: "failed", tryCount: 3, failedAt: after(305_000) }))
    expect((await found())?.lastError).toContain("500")
    expect(log.filter(({ event }) => event === "failed")).toHaveLength(1)
  })

  test("never undercuts Retry-After, and leaves the receiver alone meanwhile", async () => {
    const answers = [answered(429, 60_000), answered(200), answered(200)]
    const { endpoint, deliver, advance, sent } = createDeliveryHarness({ answer: () => Promise.resolve(answers.shift() ?? answered(500)) })
    const to = await endpoint()
    const found = await deliver(to)
    await vi.waitFor(async () => expect(await found()).toMatchObject({ nextAttemptAt: after(60_000) }))
    const other = await deliver(to)
    advance(59_999)
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect(sent).toHaveLength(1)
    advance(1)
    await vi.waitFor(async () => expect(await other()).toMatchObject({ status: "delivered" }))
  })

  test("disables an endpoint that answers 410, and says so to its other deliveries", async () => {
    const { endpoint, deliver, endpoints, log, sent } = createDeliveryHarness({ answer: () => Promise.resolve(answered(410)) })
    const to = await endpoint()
    const found = await deliver(to)
    await vi.waitFor(async () => expect(await found()).toMatchObject({ status: "failed" }))
    await vi.waitFor(async () => expect(await endpoints.find(to)).toMatchObject({ disabled: { reason: "gone" } }))
    const next = await deliver(to)
    await vi.waitFor(async () => expect(await next()).toMatchObject({ status: "failed", tryCount: 0 }))
    expect((await next())?.lastError).toContain("disabled (gone)")
    expect(sent).toHaveLength(1)
    expect(log).toContainEqual({ event: "disabled", detail: "gone" })
  })

  test("disables an endpoint that has done nothing but fail for too long; a success begins anew", async () => {
    let status = 500
    const settings = { disableAfterMs: 100_000, scheduleMs: [0] }
    const { endpoint, deliver, endpoints, advance, log } = createDeliveryHarness({
      answer: () => Promise.resolve(answered(status)),
      settings,
    })
    const to = await endpoint()
    const deliverAt = async (ms: number) => {
      advance(ms)
      const found = await deliver(to)
      await vi.waitFor(async () => expect((await found())?.status).not.toBe("pending"))
    }
    await deliverAt(0)
    status = 200
    await deliverAt(60_000)
    await vi.waitFor(async () => expect(await endpoints.find(to)).toMatchObject({ failingSince: null }))
    status = 500
    await deliverAt(60_000)
    await vi.waitFor(async () => expect(await endpoints.find(to)).toMatchObject({ failingSince: after(120_000) }))
    await deliverAt(99_999)
    expect(await endpoints.find(to)).toMatchObject({ disabled: null })
    await deliverAt(1)
    await vi.waitFor(async () => expect(await endpoints.find(to)).toMatchObject({ disabled: { reason: "failing" } }))
    expect(log.filter(({ event }) => event === "disabled")).toHaveLength(1)
  })

  test("a receiver that hangs keeps two places and delays no other", async () => {
    const { endpoint, deliver, sent } = createDeliveryHarness({
      answer: ({ url }, signal) => (url.includes("hanging") ? hang(signal) : Promise.resolve(answered(200))),
    })
    const hanging = await endpoint({ url: "https://hanging.example/" })
    const quick = await endpoint()
    for (let count = 0; count < 300; count += 1) await deliver(hanging)
    const found = await Promise.all(Array.from({ length: 50 }, () => deliver(quick)))
    await vi.waitFor(async () => {
      for (const read of found) expect(await read()).toMatchObject({ status: "delivered" })
    })
    expect(sent.filter(({ url }) => url.includes("hanging"))).toHaveLength(2)
  })

  test("keeps to the rate limit of an endpoint without counting a try", async () => {
    const { endpoint, deliver, sent, advance } = createDeliveryHarness({ answer: () => Promise.resolve(answered(200)) })
    const to = await endpoint({ rateLimitPerSecond: 0.5 })
    const found = await Promise.all([deliver(to), deliver(to)])
    const statuses = async () => (await Promise.all(found.map((read) => read()))).map((delivery) => delivery?.status).toSorted()
    await vi.waitFor(async () => expect(await statuses()).toEqual(["delivered", "pending"]))
    advance(900)
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect(sent).toHaveLength(1)
    advance(1_100)
    await vi.waitFor(async () => expect(await statuses()).toEqual(["delivered", "delivered"]))
    for (const read of found) expect(await read()).toMatchObject({ tryCount: 1 })
  })

  test("what is in mid-request when it closes is handed back, with no try counted", async () => {
    const { deliverer, endpoint, deliver, sent } = createDeliveryHarness({
      answer: (_request, signal) => hang(signal),
    })
    const found = await deliver(await endpoint())
    await vi.waitFor(() => expect(sent).toHaveLength(1))
    await deliverer.close({ graceMs: 10 })
    expect(await found()).toMatchObject({ status: "pending", tryCount: 0, leaseToken: null, nextAttemptAt: after(0) })
  })

  test("what has waited for a place until its lease nears its end is handed back unsent", async () => {
    const hanging = Promise.withResolvers<ReturnType<typeof answered>>()
    let isHanging = false
    const { endpoint, deliver, deliveries, sent, advance } = createDeliveryHarness({
      answer: () => (isHanging ? hanging.promise : Promise.resolve(answered(200))),
    })
    const settle = vi.spyOn(deliveries, "settle")
    const to = await endpoint()
    const first = await deliver(to)
    await vi.waitFor(async () => expect(await first()).toMatchObject({ status: "delivered" }))
    isHanging = true
    const found = await Promise.all(Array.from({ length: 40 }, () => deliver(to)))
    const leased = async () => (await Promise.all(found.map((read) => read()))).filter((delivery) => delivery?.leaseToken !== null)
    await vi.waitFor(() => expect(sent).toHaveLength(17))
    await vi.waitFor(async () => expect(await leased()).toHaveLength(40))
    advance(10_001)
    isHanging = false
    hanging.resolve(answered(500))
    await vi.waitFor(async () =>
      expect(await Promise.all(found.slice(16).map(async (read) => (await read())?.status))).toEqual(Array(24).fill("delivered")),
    )
    const released = settle.mock.calls.filter(([{ settlement }]) => settlement.kind === "released")
    expect(released.length).toBeGreaterThanOrEqual(24)
    // Leased anew by then, so that nobody else could have been sending them.
    for (const read of found.slice(16)) expect((await read())?.tries[0]?.at).toEqual(after(10_001))
    expect(sent).toHaveLength(17 + 24)
  })

  test("a time-out is a try like any other", async () => {
    const { endpoint, deliver } = createDeliveryHarness({ answer: () => Promise.resolve(timedOut) })
    const found = await deliver(await endpoint())
    await vi.waitFor(async () =>
      expect(await found()).toMatchObject({ tries: [{ httpStatus: null, error: "No answer within 15000 ms." }] }),
    )
  })

  test("a secret that cannot sign fails the try, and not the worker", async () => {
    const { deliver, endpoint, deliveries, deliverer, clock } = createDeliveryHarness({ answer: () => Promise.resolve(answered(200)) })
    const own = sampleDelivery({ target: "job", lane: "job:x", url: "https://x.example/", secret: "hunter2", createdAt: clock() })
    await deliveries.insert([own])
    deliverer.wake()
    await vi.waitFor(async () => expect(await deliveries.find(own)).toMatchObject({ tryCount: 1, status: "pending" }))
    const found = await deliver(await endpoint())
    await vi.waitFor(async () => expect(await found()).toMatchObject({ status: "delivered" }))
  })

  test("a job's webhook without a secret is signed with the tenant's default", async () => {
    const { deliveries, deliverer, endpoints, sent, clock } = createDeliveryHarness({ answer: () => Promise.resolve(answered(200)) })
    const own = sampleDelivery({ target: "job", lane: "job:x", url: "https://x.example/", createdAt: clock() })
    await deliveries.insert([own])
    deliverer.wake()
    await vi.waitFor(async () => expect(await deliveries.find(own)).toMatchObject({ status: "delivered" }))
    const [secret] = await endpoints.tenantSecrets({ tenantId: own.tenantId, at: clock(), make: () => "none" })
    await verifyWebhook({ headers: sent[0]?.headers ?? {}, body: own.body, secrets: [secret?.secret ?? ""], now: clock })
  })
})
