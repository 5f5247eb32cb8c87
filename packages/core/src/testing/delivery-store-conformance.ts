import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { type Delivery, maxTriesKept, type Settlement, settleDelivery } from "../delivery/delivery.ts"
import type { DeliveryStore } from "../ports/delivery-store.ts"
import { sampleDelivery, sampleTry } from "./sample-delivery.ts"

const t0 = new Date("2026-01-01T00:00:00.000Z")
const later = (ms: number) => new Date(t0.getTime() + ms)

/** What every `DeliveryStore` promises. */
export function deliveryStoreConformance(name: string, open: () => Promise<{ store: DeliveryStore; close: () => Promise<void> }>): void {
  describe(`${name} as a DeliveryStore`, () => {
    let store: DeliveryStore
    let close: () => Promise<void>
    beforeAll(async () => {
      const opened = await open()
      store = opened.store
      close = opened.close
    })
    afterAll(() => close())

    let lanes = 0
    /** Deliveries in a lane of their own, in which no other test's are due. */
    async function inserted(...overrides: Partial<Delivery>[]): Promise<Delivery[]> {
      const lane = `lane-${++lanes}`
      const made = overrides.map((fields) => sampleDelivery({ lane, tenantId: lane, target: `whe_${lanes}`, ...fields }))
      await store.insert(made)
      return made
    }
    const find = ({ tenantId, id }: Delivery) => store.find({ tenantId, id })
    const lease = (deliveries: readonly Delivery[], token: string, at = t0) =>
      store.lease({ ids: deliveries.map(({ id }) => id), at, until: new Date(at.getTime() + 30_000), token })
    const dueIds = async (of: readonly Delivery[], at: Date, exceptLanes: readonly string[] = []) => {
      const lanesOf = of.map(({ lane }) => lane)
      const due = await store.findDue({ at, limit: 10_000, exceptLanes })
      return due.filter(({ lane }) => lanesOf.includes(lane)).map(({ id }) => id)
    }

    test("keeps what was inserted first, and shows it to its tenant alone", async () => {
      const [delivery = sampleDelivery()] = await inserted({})
      await store.insert([{ ...delivery, body: "other" }])
      expect(await find(delivery)).toEqual(delivery)
      expect(await store.find({ tenantId: "another", id: delivery.id })).toBeNull()
      expect(await store.redeliver({ tenantId: "another", id: delivery.id, at: t0 })).toBeNull()
    })

    test("inserts the new ones among others that exist", async () => {
      const [first = sampleDelivery()] = await inserted({})
      const second = sampleDelivery({ lane: first.lane, tenantId: first.tenantId })
      await store.insert([first, second])
      expect(await find(second)).toEqual(second)
    })

    test("finds what is due, the longest due first, but not in excepted lanes", async () => {
      const made = await inserted({ nextAttemptAt: later(20) }, { nextAttemptAt: later(10) }, { nextAttemptAt: later(31) })
      expect(await dueIds(made, later(30))).toEqual([made[1]?.id, made[0]?.id])
      expect(await dueIds(made, later(30), [made[0]?.lane ?? ""])).toEqual([])
    })

    test("leases a delivery to one of many who ask at once", async () => {
      const made = await inserted({}, {}, {}, {}, {})
      const taken = await Promise.all(Array.from({ length: 8 }, (_, index) => lease(made, `rival-${index}-${lanes}`)))
      expect(
        taken
          .flat()
          .map(({ id }) => id)
          .toSorted(),
      ).toEqual(made.map(({ id }) => id).toSorted())
      expect(await dueIds(made, later(29_999))).toEqual([])
    })

    test("passes a delivery on when its lease has ended, and then hears the first holder no more", async () => {
      const made = await inserted({})
      const [delivery = sampleDelivery()] = made
      await lease(made, `first-${lanes}`)
      expect(await lease(made, `early-${lanes}`, later(29_999))).toEqual([])
      expect(await lease(made, `second-${lanes}`, later(30_000))).toHaveLength(1)
      await store.settle({ id: delivery.id, token: `first-${lanes}`, settlement: { kind: "delivered", made: sampleTry() } })
      expect(await find(delivery)).toMatchObject({ status: "pending", tryCount: 0, leaseToken: `second-${lanes}` })
    })

    const settlements: readonly Settlement[] = [
      { kind: "delivered", made: sampleTry({ error: null, httpStatus: 204 }) },
      { kind: "retry", made: sampleTry(), nextAttemptAt: later(5_000) },
      { kind: "failed", made: sampleTry(), at: later(2), error: "given up" },
      { kind: "failed", made: null, at: later(2), error: "nobody there" },
      { kind: "released", nextAttemptAt: later(1) },
    ]
    test.each(settlements)("settles as the specification says: $kind", async (settlement) => {
      const made = await inserted({})
      const token = `token-${lanes}`
      const [leased = sampleDelivery()] = await lease(made, token)
      const request = { id: leased.id, token, settlement }
      await store.settle(request)
      await store.settle(request)
      expect(await find(leased)).toEqual(settleDelivery(leased, settlement))
    })

    test("keeps the last tries and counts them all", async () => {
      const tries = Array.from({ length: maxTriesKept }, (_, index) => sampleTry({ durationMs: index }))
      const made = await inserted({ tries, tryCount: 40, roundTries: 3 })
      const token = `token-${lanes}`
      const [leased = sampleDelivery()] = await lease(made, token)
      await store.settle({
        id: leased.id,
        token,
        settlement: { kind: "retry", made: sampleTry({ durationMs: 99 }), nextAttemptAt: later(9) },
      })
      const settled = await find(leased)
      expect(settled).toMatchObject({ tryCount: 41, roundTries: 4 })
      expect(settled?.tries.map(({ durationMs }) => durationMs)).toEqual([...tries.slice(1).map(({ durationMs }) => durationMs), 99])
    })

    test("redelivers what has ended, but not what is under way", async () => {
      const made = await inserted({ status: "failed", failedAt: t0, roundTries: 8, tryCount: 8, nextAttemptAt: null, lastError: "x" }, {})
      const [failed = sampleDelivery(), pending = sampleDelivery()] = made
      const anew = await store.redeliver({ tenantId: failed.tenantId, id: failed.id, at: later(5) })
      expect(anew).toMatchObject({ status: "pending", roundTries: 0, tryCount: 8, nextAttemptAt: later(5), failedAt: null })
      expect(await dueIds([failed], later(5))).toContain(failed.id)
      await lease([pending], `token-${lanes}`)
      expect(await store.redeliver({ tenantId: pending.tenantId, id: pending.id, at: later(5) })).toMatchObject({
        nextAttemptAt: later(30_000),
        leaseToken: `token-${lanes}`,
      })
    })

    test("lists a target's deliveries by page and status, and those of a job", async () => {
      const made = await inserted(
        { createdAt: later(1), jobId: "job_x" },
        { createdAt: later(2), jobId: "job_x", status: "failed", failedAt: t0, nextAttemptAt: null },
        { createdAt: later(3), jobId: "job_y" },
      )
      const [first = sampleDelivery(), second, third] = made
      const { tenantId, target } = first
      const page = await store.list({ tenantId, target, before: null, limit: 2 })
      expect(page).toEqual([third, second])
      expect(await store.list({ tenantId, target, before: page.at(-1)?.id ?? null, limit: 2 })).toEqual([first])
      expect(await store.list({ tenantId, target, status: "failed", before: null, limit: 9 })).toEqual([second])
      expect(await store.list({ tenantId: "another", target, before: null, limit: 9 })).toEqual([])
      expect(await store.ofJob({ tenantId, jobId: "job_x" })).toEqual([first, second])
    })

    test("recovers failed deliveries of the time, each once for a recovery", async () => {
      const failed = { status: "failed", failedAt: later(9), nextAttemptAt: null } as const
      const made = await inserted(
        { ...failed, createdAt: later(1) },
        { ...failed, createdAt: later(2) },
        { ...failed, createdAt: later(3) },
        { ...failed, createdAt: later(4) },
        { createdAt: later(2) },
      )
      const [first = sampleDelivery(), second = sampleDelivery()] = made
      const recoveryId = `rec-${lanes}`
      const range = { tenantId: first.tenantId, target: first.target, since: later(2), until: later(4), at: later(50) }
      expect(await store.recover({ ...range, recoveryId, limit: 1 })).toBe(1)
      expect(await store.recover({ ...range, recoveryId, limit: 9 })).toBe(1)
      expect(await store.recover({ ...range, recoveryId, limit: 9 })).toBe(0)
      expect(await store.countRecovered({ recoveryId })).toBe(2)
      expect(await find(second)).toMatchObject({ status: "pending", nextAttemptAt: later(50), roundTries: 0 })
      expect(await find(first)).toMatchObject({ status: "failed" })
      const token = `token-${lanes}`
      await store.lease({ ids: [second.id], at: later(50), until: later(80), token })
      await store.settle({ id: second.id, token, settlement: { kind: "failed", made: sampleTry(), at: later(51), error: "again" } })
      expect(await store.recover({ ...range, recoveryId, limit: 9 })).toBe(0)
    })
  })
}
