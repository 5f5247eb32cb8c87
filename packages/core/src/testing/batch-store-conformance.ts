import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { type Batch, statusOf } from "../batch/batch.ts"
import type { BatchStore } from "../ports/batch-store.ts"
import { sampleBatch } from "./sample-batch.ts"

const t0 = new Date("2026-01-01T00:00:00.000Z")
const later = (ms: number) => new Date(t0.getTime() + ms)
const counts = { total: 3, queued: 0, running: 0, succeeded: 2, failed: 1, cancelled: 0, expired: 0 }

/** What every `BatchStore` promises. */
export function batchStoreConformance(name: string, open: () => Promise<{ batches: BatchStore; close: () => Promise<void> }>): void {
  describe(`${name} as a BatchStore`, () => {
    let opened: Awaited<ReturnType<typeof open>>
    let tenants = 0
    const newTenant = () => `batches-${Date.now().toString(36)}-${++tenants}`
    beforeAll(async () => {
      opened = await open()
    })
    afterAll(() => opened.close())
    async function inserted(overrides: Partial<Batch> = {}): Promise<Batch> {
      const batch = sampleBatch({ tenantId: newTenant(), ...overrides })
      await opened.batches.insert(batch)
      return batch
    }
    const found = ({ tenantId, id }: Batch) => opened.batches.find({ tenantId, id })
    const active = async ({ id }: Batch) => (await opened.batches.findActive({ limit: 1_000 })).some((batch) => batch.id === id)
    const opening = (batch: Batch, at = t0) => opened.batches.open({ tenantId: batch.tenantId, id: batch.id, at })
    const ended = async (overrides: Partial<Batch> = {}) => {
      const batch = await inserted({ isClosed: true, ...overrides })
      expect(await opened.batches.complete({ batch, counts, at: t0 })).toBe(true)
      return batch
    }

    test("returns exactly what was stored, to its tenant, and keeps it when it is inserted again", async () => {
      const defaults = { route: "chat", options: { cacheKey: "$k" }, metadata: { "a.b": "1", $c: "2" } }
      const webhook = { url: "https://app.example/hooks", secret: null }
      const origin = { traceparent: "00-trace", requestId: "$req" }
      const batch = await inserted({ defaults, webhook, metadata: { "a.b": "1" }, idempotencyKey: "k", requestHash: "h", ...origin })
      expect(await found(batch)).toEqual(batch)
      expect(await opened.batches.insert({ ...batch, metadata: {} })).toEqual({ kind: "inserted" })
      expect(await found(batch)).toEqual(batch)
      expect(await opened.batches.find({ tenantId: newTenant(), id: batch.id })).toBeNull()
    })

    test("finds the batch that holds an idempotency key, for its tenant alone", async () => {
      const batch = await inserted({ idempotencyKey: "same" })
      const again = sampleBatch({ tenantId: batch.tenantId, idempotencyKey: "same" })
      expect(await opened.batches.insert(again)).toEqual({ kind: "existing", batch })
      expect(await found(again)).toBeNull()
      expect(await opened.batches.insert(sampleBatch({ tenantId: newTenant(), idempotencyKey: "same" }))).toEqual({ kind: "inserted" })
    })

    test("lists a tenant's, newest first, by page", async () => {
      const tenantId = newTenant()
      const ids: string[] = []
      for (let index = 0; index < 5; index += 1) ids.push((await inserted({ tenantId, createdAt: later(index) })).id)
      await inserted()
      const page = async (before: string | null) => (await opened.batches.list({ tenantId, before, limit: 3 })).map(({ id }) => id)
      const newest = ids.toReversed()
      expect(await page(null)).toEqual(newest.slice(0, 3))
      expect(await page(newest[2] ?? null)).toEqual(newest.slice(3))
    })

    test("is opened by each submission and closed by the latest alone", async () => {
      const batch = await inserted()
      const { tenantId, id } = batch
      expect(await opening(batch, later(1))).toEqual({ ...batch, submission: 1, addedAt: later(1) })
      await opening(batch, later(2))
      await opened.batches.close({ tenantId, id, submission: 1 })
      expect(await found(batch)).toMatchObject({ isClosed: false })
      await opened.batches.close({ tenantId, id, submission: 2 })
      expect(await found(batch)).toMatchObject({ isClosed: true, addedAt: later(2) })
      expect(await opening(batch, later(3))).toMatchObject({ isClosed: false, submission: 3 })
      expect(await opened.batches.open({ tenantId: newTenant(), id, at: t0 })).toBeNull()
    })

    test("completes only what has not changed since it was looked at, and is closed", async () => {
      const batch = await inserted()
      const { tenantId, id } = batch
      const complete = (seen: Batch) => opened.batches.complete({ batch: seen, counts, at: later(9) })
      expect(await complete(batch)).toBe(false)
      await opened.batches.close({ tenantId, id, submission: 0 })
      await opening(batch, later(1))
      await opened.batches.close({ tenantId, id, submission: 1 })
      expect(await complete(batch)).toBe(false)
      const seen = (await found(batch)) ?? batch
      expect(await opened.batches.keepOpen({ tenantId, id, at: later(2) })).toBe(true)
      expect(await complete(seen)).toBe(false)
      expect(await complete((await found(batch)) ?? batch)).toBe(true)
      expect(await complete((await found(batch)) ?? batch)).toBe(false)
      expect(await found(batch)).toMatchObject({ completedAt: later(9), counts, countedAt: later(9), isActive: true })
      expect(await opening(batch)).toBeNull()
      expect(await opened.batches.keepOpen({ tenantId, id, at: t0 })).toBe(false)
    })

    test("takes nothing more once it is cancelled, completes without being closed, and stays cancelled", async () => {
      const batch = await inserted()
      const { tenantId, id } = batch
      expect(await opened.batches.cancel({ tenantId: newTenant(), id, at: t0 })).toBeNull()
      expect(await opened.batches.cancel({ tenantId, id, at: t0 })).toMatchObject({ cancelRequestedAt: t0, completedAt: null })
      expect(await opened.batches.cancel({ tenantId, id, at: later(1) })).toMatchObject({ cancelRequestedAt: t0 })
      expect(await opening(batch)).toBeNull()
      expect(await opened.batches.complete({ batch, counts, at: later(2) })).toBe(true)
      const done = await found(batch)
      expect(done && statusOf(done)).toBe("cancelled")
      const complete = await ended()
      expect(await opened.batches.cancel({ ...complete, at: t0 })).toMatchObject({ cancelRequestedAt: null, completedAt: t0 })
    })

    test("is active until it is announced and settled, and again for a replay", async () => {
      const batch = await ended()
      const { id, tenantId } = batch
      const settle = (at: Date) => opened.batches.settle({ id, counts, at })
      await settle(later(1))
      expect(await active(batch)).toBe(true)
      await opened.batches.markAnnounced({ id })
      await settle(later(1))
      expect(await active(batch)).toBe(false)
      await opened.batches.activate({ tenantId, id, until: later(60_000) })
      await opened.batches.activate({ tenantId, id, until: later(30_000) })
      expect(await active(batch)).toBe(true)
      await settle(later(59_999))
      expect(await active(batch)).toBe(true)
      await settle(later(60_000))
      expect(await active(batch)).toBe(false)
      expect(await found(batch)).toMatchObject({ completedAt: t0, isAnnounced: true })
    })

    test("shows what has not been counted for the longest time first", async () => {
      const first = await inserted({ countedAt: later(-2_000) })
      const second = await inserted({ countedAt: later(-1_000) })
      const order = async () =>
        (await opened.batches.findActive({ limit: 1_000 })).flatMap(({ id }) => ([first.id, second.id].includes(id) ? [id] : []))
      expect(await order()).toEqual([first.id, second.id])
      await opened.batches.recordCounts({ id: first.id, counts, at: later(1_000) })
      expect(await order()).toEqual([second.id, first.id])
      expect(await found(first)).toMatchObject({ counts, countedAt: later(1_000) })
    })

    test("finds what may be removed, by id, and removes it", async () => {
      const batches = [await ended({ createdAt: later(10) }), await ended({ createdAt: later(20) })]
      const open = await ended({ createdAt: later(30) })
      for (const { id } of batches) {
        await opened.batches.markAnnounced({ id })
        await opened.batches.settle({ id, counts, at: t0 })
      }
      const settled = async (request: { completedBefore: Date; after: string | null }) =>
        (await opened.batches.findSettled({ ...request, limit: 1_000 })).map(({ id }) => id)
      const [first, second] = batches.map(({ id }) => id)
      const all = await settled({ completedBefore: later(1), after: null })
      expect(all).toEqual(expect.arrayContaining([first, second]))
      expect(all).not.toContain(open.id)
      expect(await settled({ completedBefore: later(1), after: first ?? "" })).toEqual(expect.not.arrayContaining([first]))
      expect(await settled({ completedBefore: t0, after: null })).toEqual([])
      await opened.batches.remove({ tenantId: newTenant(), id: first ?? "", eventId: "evt_1" })
      expect(await settled({ completedBefore: later(1), after: null })).toContain(first)
      await opened.batches.remove({ tenantId: batches[0]?.tenantId ?? "", id: first ?? "", eventId: "evt_1" })
      expect(await settled({ completedBefore: later(1), after: null })).not.toContain(first)
    })
  })
}
