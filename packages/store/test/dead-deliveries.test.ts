import type { DeadLetterFilter, DeadLetterPosition } from "@sluice/core"
import { sampleDelivery } from "@sluice/core/testing"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import type { DeadDeliveryDocument } from "../src/dead-letters/deliveries/dead-delivery-document.ts"
import { openTestStore, type TestStore } from "./open-test-store.ts"

const t0 = new Date("2026-01-01T00:00:00.000Z")
const later = (ms: number) => new Date(t0.getTime() + ms)
const word = { by: "key_1", reason: "gone", at: later(90_000) }

describe("deliveries that were given up, as dead letters", () => {
  let store: TestStore
  let made = 0
  beforeAll(async () => {
    store = await openTestStore()
  })
  afterAll(() => store.close())
  const collection = () => store.direct.collection<DeadDeliveryDocument>("deliveries")
  const newTenant = () => `deliveries-${++made}`

  async function givenUp(overrides: Partial<DeadDeliveryDocument> = {}): Promise<DeadDeliveryDocument> {
    const delivery: DeadDeliveryDocument = {
      _id: `evt_${String(++made).padStart(32, "0")}:whe_1`,
      tenantId: "default",
      target: "whe_1",
      jobId: "job_1",
      route: "chat",
      status: "failed",
      tries: [{ httpStatus: 200 }, { httpStatus: 500 }],
      tryCount: 8,
      roundTries: 8,
      lastError: "It answered 500.",
      failedAt: later(1_000),
      ...overrides,
    }
    await collection().insertOne(delivery)
    return delivery
  }
  const idOf = ({ _id }: DeadDeliveryDocument) => `dl_${_id}`
  const idsOf = async (filter: DeadLetterFilter) =>
    (await store.deadDeliveries.list({ filter, order: "oldest_first", after: null, limit: 100 })).map(({ id }) => id)
  const found = (delivery: DeadDeliveryDocument) => store.deadDeliveries.find({ tenantId: delivery.tenantId, id: idOf(delivery) })
  const settle = ({ _id }: DeadDeliveryDocument, $set: Partial<DeadDeliveryDocument>) => collection().updateOne({ _id }, { $set })

  test("each one that failed is one, and no other", async () => {
    const tenantId = newTenant()
    const dead = await givenUp({ tenantId })
    for (const status of ["pending", "delivered"] as const) {
      const { failedAt: _none, ...alive } = await givenUp({ tenantId: newTenant() })
      await collection().replaceOne({ _id: alive._id }, { ...alive, tenantId, status })
    }
    expect(await idsOf({ tenantId })).toEqual([idOf(dead)])
    expect(await found(dead)).toEqual({
      id: idOf(dead),
      kind: "delivery",
      state: "open",
      tenantId,
      jobId: "job_1",
      deliveryId: dead._id,
      run: 1,
      route: "chat",
      job: null,
      endpoint: "whe_1",
      error: { type: "delivery_failed", message: "It answered 500.", httpStatus: 500 },
      attemptCount: 8,
      createdAt: later(1_000),
      replays: [],
      discarded: null,
    })
    expect(await store.deadDeliveries.find({ tenantId: newTenant(), id: idOf(dead) })).toBeNull()
  })

  test("is to be told of once for each time that it is given up, also while a replay has it made anew", async () => {
    const delivery = sampleDelivery({ tenantId: newTenant(), eventType: "job.failed" })
    await store.deliveries.insert([delivery])
    const untold = async () =>
      (await store.deadDeliveries.findUntold({ limit: 1_000 })).filter(({ letter }) => letter.deliveryId === delivery.id)
    const giveUp = async (ms: number) => {
      const { id } = delivery
      await store.deliveries.lease({ ids: [id], at: later(ms), until: later(ms + 1_000), token: `t${ms}` })
      await store.deliveries.settle({ id, token: `t${ms}`, settlement: { kind: "failed", made: null, at: later(ms), error: "no" } })
    }
    expect(await untold()).toEqual([])
    await giveUp(1_000)
    const first = await untold()
    expect(first).toMatchObject([{ eventType: "job.failed", at: later(1_000), letter: { state: "open", createdAt: later(1_000) } }])
    const replay = { tenantId: delivery.tenantId, id: `dl_${delivery.id}`, replayId: "rpl_u", by: "me", at: later(2_000) }
    expect(await store.deadDeliveries.redeliver(replay)).toBe(true)
    expect(await untold()).toMatchObject([{ at: later(1_000), letter: { state: "replaying" } }])
    await giveUp(3_000)
    await store.deadDeliveries.markTold(first)
    const second = await untold()
    expect(second).toMatchObject([{ at: later(3_000), letter: { state: "open" } }])
    await store.deadDeliveries.markTold(second)
    expect(await untold()).toEqual([])
    await giveUp(4_000)
    await store.deliveries.redeliver({ tenantId: delivery.tenantId, id: delivery.id, at: later(5_000) })
    await giveUp(6_000)
    await store.deliveries.redeliver({ tenantId: delivery.tenantId, id: delivery.id, at: later(7_000) })
    expect(await untold()).toEqual([])
  })

  test("a replay has it made anew, once, and what becomes of it is told", async () => {
    const tenantId = newTenant()
    const delivery = await givenUp({ tenantId })
    const redeliver = (replayId: string, ms = 5_000) =>
      store.deadDeliveries.redeliver({ tenantId, id: idOf(delivery), replayId, by: "admin", at: later(ms) })
    const progress = (replayId: string) => store.deadDeliveries.progressOf({ tenantId, replayId })
    expect(await store.deadDeliveries.redeliver({ tenantId: newTenant(), id: idOf(delivery), replayId: "rpl_0", by: "a", at: t0 })).toBe(
      false,
    )
    expect(await redeliver("rpl_a")).toBe(true)
    expect(await redeliver("rpl_a", 6_000)).toBe(false)
    expect(await collection().findOne({ _id: delivery._id })).toMatchObject({
      status: "pending",
      roundTries: 0,
      nextAttemptAt: later(5_000),
    })
    expect(await found(delivery)).toMatchObject({
      state: "replaying",
      createdAt: later(1_000),
      error: { message: "It answered 500.", httpStatus: 500 },
      replays: [{ replayId: "rpl_a", run: 2, by: "admin", outcome: null }],
    })
    expect(await progress("rpl_a")).toEqual({ requeued: 1, succeeded: 0, failed: 0, cancelled: 0 })

    await settle(delivery, { status: "failed", failedAt: later(9_000), lastError: "It hung up.", tries: [{ httpStatus: null }] })
    expect(await found(delivery)).toMatchObject({
      state: "open",
      createdAt: later(9_000),
      error: { message: "It hung up.", httpStatus: null },
      replays: [{ outcome: "failed" }],
    })
    expect(await redeliver("rpl_a", 10_000)).toBe(false)
    expect(await redeliver("rpl_b", 10_000)).toBe(true)
    await settle(delivery, { status: "delivered" })
    expect(await found(delivery)).toMatchObject({ state: "resolved", replays: [{ outcome: "failed" }, { run: 3, outcome: "succeeded" }] })
    expect(await progress("rpl_a")).toEqual({ requeued: 1, succeeded: 0, failed: 1, cancelled: 0 })
    expect(await progress("rpl_b")).toEqual({ requeued: 1, succeeded: 1, failed: 0, cancelled: 0 })
  })

  test("discarded ones stay so, unless they are given up once more", async () => {
    const tenantId = newTenant()
    const [one, two] = [await givenUp({ tenantId }), await givenUp({ tenantId })]
    const discard = () => store.deadDeliveries.discard({ filter: { tenantId }, limit: 1, ...word })
    expect([await discard(), await discard(), await discard()]).toEqual([1, 1, 0])
    expect(await found(one)).toMatchObject({ state: "discarded", createdAt: later(1_000), error: { httpStatus: 500 }, discarded: word })
    const redelivery = { tenantId, id: idOf(one), replayId: "rpl_a", by: "admin", at: t0 }
    expect(await store.deadDeliveries.redeliver(redelivery)).toBe(false)
    await settle(two, { status: "failed", failedAt: later(9_000) })
    expect(await found(two)).toMatchObject({ state: "open", discarded: null })
  })

  test("are filtered, summarised and paged, beside nothing of jobs", async () => {
    const tenantId = newTenant()
    const open = await givenUp({ tenantId, target: "job", failedAt: later(3_000) })
    const replaying = await givenUp({ tenantId, failedAt: later(2_000) })
    await store.deadDeliveries.redeliver({ tenantId, id: idOf(replaying), replayId: "rpl_x", by: "admin", at: later(9_000) })
    const { route: _none, ...bare } = await givenUp({ tenantId: newTenant(), failedAt: later(4_000) })
    await collection().replaceOne({ _id: bare._id }, { ...bare, tenantId })
    const all = [replaying, open, bare].map(idOf)
    expect(await idsOf({ tenantId })).toEqual(all)
    const same: readonly Omit<DeadLetterFilter, "tenantId">[] = [
      { endpoint: "job" },
      { state: "open", route: "chat" },
      { createdAfter: later(2_000), createdBefore: later(4_000) },
      { ids: [idOf(open), "dl_0"] },
      { kind: "delivery", errorType: "delivery_failed", state: "open", endpoint: "job" },
    ]
    for (const filter of same) expect(await idsOf({ tenantId, ...filter })).toEqual([idOf(open)])
    expect(await idsOf({ tenantId, state: "replaying" })).toEqual([idOf(replaying)])
    for (const filter of [{ kind: "job" }, { errorType: "timeout" }, { batchId: "b" }, { metadata: { a: "b" } }, { ids: [] }] as const) {
      expect(await idsOf({ tenantId, ...filter })).toEqual([])
    }
    const by = (key: "errorType" | "route" | "endpoint" | "day" | "inputKind") =>
      store.deadDeliveries.summarise({ filter: { tenantId }, by: key })
    expect(await by("errorType")).toEqual([{ key: "delivery_failed", count: 3 }])
    expect(await by("inputKind")).toEqual([{ key: null, count: 3 }])
    expect(await by("day")).toEqual([{ key: "2026-01-01", count: 3 }])
    expect(await by("route")).toEqual([
      { key: "chat", count: 2 },
      { key: null, count: 1 },
    ])
    const causes = await store.deadDeliveries.causes({ filter: { tenantId }, limit: 5 })
    expect(causes).toMatchObject([
      { kind: "delivery", errorType: "delivery_failed", route: null, count: 2, oldestAt: later(2_000), newestAt: later(4_000) },
      { endpoint: "job", count: 1, sampleId: idOf(open), oldestAt: later(3_000) },
    ])
    expect(await store.deadDeliveries.causes({ filter: { tenantId, endpoint: null }, limit: 5 })).toEqual([])
    const seen: string[] = []
    for (let after: DeadLetterPosition | null = null; ; ) {
      const page: readonly DeadLetterPosition[] = await store.deadDeliveries.list({
        filter: { tenantId },
        order: "newest_first",
        after,
        limit: 1,
      })
      const last = page.at(-1)
      if (!last) break
      seen.push(last.id)
      after = { createdAt: last.createdAt, id: last.id }
    }
    expect(seen).toEqual(all.toReversed())
  })

  test("are counted and discarded by age, of all tenants", async () => {
    const long = (ms: number) => new Date(Date.parse("2001-01-01T00:00:00.000Z") + ms)
    const [old, young] = [await givenUp({ failedAt: long(1_000) }), await givenUp({ failedAt: long(2_000) })]
    expect(await store.deadDeliveries.discardOld({ createdBefore: long(2_000), limit: 10, ...word })).toBe(1)
    expect([(await found(old))?.state, (await found(young))?.state]).toEqual(["discarded", "open"])
    expect(await store.deadDeliveries.countFailures({ from: long(1_000), until: long(2_000) })).toBe(1)
    expect(await store.deadDeliveries.countFailures({ from: long(1_000), until: long(2_001) })).toBe(2)
  })
})
