import { inspect } from "node:util"
import { type Claim, type Job, StorageUnavailableError } from "@sluice/core"
import { sampleAttempt, sampleJob, sampleSuccess } from "@sluice/core/testing"
import { createTcpProxy, type TcpProxy } from "@sluice/devstack"
import { afterAll, afterEach, beforeAll, describe, expect, inject, test, vi } from "vitest"
import { connectStore } from "../src/connect-store.ts"
import { openTestStore, type TestStore } from "./open-test-store.ts"

/** What the tests look at behind the store's back. */
interface Stored {
  readonly _id: string
  readonly status: string
  readonly claim?: Claim
  readonly idempotencyKey?: string
}

const operationTimeoutMs = 5_000
const impatience = { serverSelectionTimeoutMs: 500, socketTimeoutMs: 500, connectTimeoutMs: 500, waitQueueTimeoutMs: 500 }
const at = new Date("2026-01-01T00:00:01.000Z")

describe("when the network fails", () => {
  let proxy: TcpProxy
  let store: TestStore
  beforeAll(async () => {
    const target = new URL(inject("mongodbUrl"))
    proxy = await createTcpProxy({ targetPort: Number(target.port) })
    const url = `mongodb://127.0.0.1:${proxy.port}/?directConnection=true`
    store = await openTestStore({ url, operationTimeoutMs, ...impatience })
  })
  afterEach(() => proxy.set("open"))
  afterAll(async () => {
    await store.close()
    await proxy.close()
  })

  const collection = () => store.direct.collection<Stored>("jobs")
  const stored = (id: string) => collection().findOne({ _id: id })
  const found = ({ tenantId, id }: Job) => store.jobs.find({ tenantId, id })
  async function claimed(): Promise<Job> {
    const job = sampleJob()
    await store.jobs.insert(job)
    await store.jobs.claim({ id: job.id, run: 1, claim: { token: "t", workerId: "w", at } })
    return job
  }
  /** Lets the command through, loses its answer, and brings the network back once the command was carried out. */
  async function losingTheAnswer<T>(operation: () => Promise<T>, isCarriedOut: () => Promise<boolean>): Promise<T> {
    proxy.set("mute")
    const outcome = operation()
    outcome.catch(() => undefined)
    await vi.waitFor(async () => expect(await isCarriedOut()).toBe(true), { timeout: 2_000 })
    proxy.set("cut")
    proxy.set("open")
    return await outcome
  }

  test.each(["cut", "frozen"] as const)(
    "a %s connection is answered in time with StorageUnavailableError, and what comes back is used again",
    async (mode) => {
      const job = await claimed()
      proxy.set(mode)
      const startedAtMs = performance.now()
      const calls = [
        store.jobs.insert(sampleJob()),
        store.jobs.claim({ id: job.id, run: 1, claim: { token: "t2", workerId: "w", at } }),
        store.jobs.finish({ id: job.id, run: 1, token: "t", ending: sampleSuccess() }),
        found(job),
        store.jobs.list({ filter: { tenantId: job.tenantId }, before: null, limit: 10 }),
        store.leases.acquire({ name: "leader", holder: "a", ttlMs: 1_000 }),
        store.ping(),
      ]
      for (const outcome of await Promise.allSettled(calls)) {
        expect(outcome).toMatchObject({ status: "rejected", reason: expect.any(StorageUnavailableError) })
      }
      expect(performance.now() - startedAtMs).toBeLessThan(2 * operationTimeoutMs)
      proxy.set("open")
      await vi.waitFor(async () => expect((await store.ping()).latencyMs).toBeGreaterThan(0), { timeout: 15_000 })
      expect(await store.jobs.insert(sampleJob())).toEqual({ kind: "inserted" })
    },
  )

  test("an interruption that ends in time is not noticed", async () => {
    const jobs = Array.from({ length: 200 }, () => sampleJob())
    const outcomes = Promise.all(jobs.map((job) => store.jobs.insert(job)))
    proxy.set("cut")
    setTimeout(() => proxy.set("open"), 300)
    expect(new Set((await outcomes).map(({ kind }) => kind))).toEqual(new Set(["inserted"]))
    expect(await Promise.all(jobs.map(found))).toEqual(jobs)
  })

  test("an insert whose answer was lost is accepted once", async () => {
    const job = sampleJob({ idempotencyKey: "lost", idempotencyExpiresAt: new Date(Date.now() + 60_000), requestHash: "h" })
    const outcome = await losingTheAnswer(
      () => store.jobs.insert(job),
      async () => (await stored(job.id)) !== null,
    )
    expect(outcome).toEqual({ kind: "inserted" })
    expect(await collection().countDocuments({ idempotencyKey: "lost" })).toBe(1)
  })

  test("a claim whose answer was lost is confirmed by its token", async () => {
    const job = sampleJob()
    await store.jobs.insert(job)
    const outcome = await losingTheAnswer(
      () => store.jobs.claim({ id: job.id, run: 1, claim: { token: "mine", workerId: "w", at } }),
      async () => (await stored(job.id))?.status === "running",
    )
    expect(outcome).toMatchObject({ kind: "claimed", job: { claim: { token: "mine" } } })
  })

  test("a claim whose answer was lost is not repeated over one that was made since", async () => {
    const job = sampleJob()
    await store.jobs.insert(job)
    proxy.set("mute")
    const overtaken = store.jobs.claim({ id: job.id, run: 1, claim: { token: "old", workerId: "w", at } })
    await vi.waitFor(async () => expect((await stored(job.id))?.status).toBe("running"))
    const newer = { token: "new", workerId: "w", at: new Date(at.getTime() + 1) }
    await collection().updateOne({ _id: job.id }, { $set: { claim: newer } })
    proxy.set("cut")
    proxy.set("open")
    expect(await overtaken).toEqual({ kind: "gone" })
    expect(await found(job)).toMatchObject({ claim: newer })
  })

  test("an end whose answer was lost is applied once, also when its caller repeats it", async () => {
    const job = await claimed()
    const end = () => store.jobs.finish({ id: job.id, run: 1, token: "t", ending: sampleSuccess({ eventId: `evt_${job.id}` }) })
    expect(await losingTheAnswer(end, async () => (await stored(job.id))?.status === "succeeded")).toEqual({ applied: true })
    expect(await end()).toEqual({ applied: true })
    const ended = await found(job)
    expect(ended).toMatchObject({ status: "succeeded", attemptCount: 1 })
    expect(ended?.events).toHaveLength(1)
  })

  test("a hand-back whose answer was lost is applied once, also when another execution has claimed the job since", async () => {
    const job = await claimed()
    const back = { notBefore: null, waiting: null, enqueueDueAt: at, attempts: [sampleAttempt({ outcome: "failed" })] }
    proxy.set("mute")
    const outcome = store.jobs.handBack({ id: job.id, run: 1, token: "t", ...back })
    await vi.waitFor(async () => expect((await stored(job.id))?.status).toBe("queued"))
    const claim = { token: "next", workerId: "w", at }
    await collection().updateOne({ _id: job.id }, { $set: { status: "running", claim } })
    proxy.set("cut")
    proxy.set("open")
    expect(await outcome).toEqual({ applied: true })
    expect(await found(job)).toMatchObject({ status: "running", claim, attemptCount: 1 })
  })

  test("a cancellation and an abandonment whose answers were lost are applied once", async () => {
    const [cancelled, abandoned] = [await claimed(), await claimed()]
    const isFinal = (id: string) => async () => !["queued", "running"].includes((await stored(id))?.status ?? "queued")
    const request = { tenantId: cancelled.tenantId, id: cancelled.id, at, eventId: "evt_cancel" }
    const cancel = await losingTheAnswer(() => store.jobs.cancel(request), isFinal(cancelled.id))
    expect(cancel).toMatchObject({ kind: "cancelled", job: { events: [{ id: "evt_cancel" }] } })
    const error = {
      type: "worker_lost",
      message: "lost",
      retryable: true,
      endpoint: null,
      httpStatus: null,
      providerCode: null,
      providerRequestId: null,
    } as const
    const ending = { status: "failed", at, eventId: "evt_abandon", attempts: [], error } as const
    const abandon = await losingTheAnswer(() => store.jobs.abandon({ id: abandoned.id, run: 1, ending }), isFinal(abandoned.id))
    expect(abandon).toEqual({ applied: true })
    expect((await found(abandoned))?.events).toHaveLength(1)
  })

  test("closing lets pending writes end, refuses later ones and can be repeated", async () => {
    const closing = await connectStore({ url: inject("mongodbUrl"), database: store.database })
    const jobs = Array.from({ length: 50 }, () => sampleJob())
    const outcomes = Promise.all(jobs.map((job) => closing.jobs.insert(job)))
    await Promise.all([closing.close(), closing.close()])
    expect((await outcomes).every(({ kind }) => kind === "inserted")).toBe(true)
    await expect(closing.jobs.insert(sampleJob())).rejects.toThrow(/store is closed/)
    expect(await Promise.all(jobs.map(found))).toEqual(jobs)
  })
})

test("a database that is not there is StorageUnavailableError, without the credentials", async () => {
  const closed = await createTcpProxy({ targetPort: 1 })
  await closed.close()
  const url = `mongodb://ann:s3cret@127.0.0.1:${closed.port}/jobs?directConnection=true`
  const error: unknown = await connectStore({ url, operationTimeoutMs: 1_500, ...impatience }).catch((reason: unknown) => reason)
  expect(error).toBeInstanceOf(StorageUnavailableError)
  expect(inspect(error, { depth: 20, showHidden: true })).not.toContain("s3cret")
  expect(inspect(error)).toContain(String(closed.port))
})
