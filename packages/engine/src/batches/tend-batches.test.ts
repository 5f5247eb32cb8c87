import { createMemoryUsage, sampleFailure, sampleReplaying } from "@sluice/core/testing"
import { describe, expect, test } from "vitest"
import { derivedEventId } from "../deliver/derived-event-id.ts"
import { createAccountUsage } from "../usage/account-usage.ts"
import { createBatchesHarness, itemOf } from "./testing/batches-harness.ts"

const two = [itemOf("a"), itemOf("b")]

async function setUp({ close = true } = {}) {
  const h = createBatchesHarness()
  const batch = await h.created({ webhook: { url: "https://app.example/hooks" } })
  await h.add(batch, two, { close })
  const succeedAll = async () => {
    for (const job of h.ofBatch(batch)) await h.succeed(job)
  }
  return { ...h, batch, succeedAll, tend: h.tenderAs("w1") }
}

const idOf = ({ at, type, about }: { at: Date; type: string; about: readonly string[] }) => derivedEventId({ at, about: [type, ...about] })

describe("looking after batches", () => {
  test("completes a batch when its last job has ended, and tells of it once", async () => {
    const { batch, tend, ofBatch, succeed, raised, found } = await setUp()
    const [first, second] = ofBatch(batch)
    if (!first || !second) throw new Error("too few jobs")
    await succeed(first)
    await tend()
    expect(raised).toEqual([])
    await succeed(second)
    for (let look = 0; look < 3; look += 1) await tend()
    expect(raised).toMatchObject([
      { tenantId: "default", type: "batch.completed", data: { id: batch.id, status: "completed", counts: { total: 2, succeeded: 2 } } },
    ])
    expect(raised[0]?.ownWebhook).toEqual({ url: "https://app.example/hooks", secret: null })
    expect(await found(batch)).toMatchObject({ completedAt: expect.any(Date), isActive: false, counts: { succeeded: 2 } })
  })

  test("tells of it under the same id again when the first time failed, also by another process", async () => {
    const { tend, tenderAs, succeedAll, raised, raising, troubles, advance, found, batch } = await setUp()
    await succeedAll()
    raising.fails = true
    await tend()
    expect(troubles).toHaveLength(1)
    const { completedAt } = await found(batch)
    raising.fails = false
    advance(60_000)
    await tenderAs("w2")()
    expect(raised.map(({ at }) => at)).toEqual([completedAt])
    // The process ended before it could note that it had told.
    await tenderAs("w2")()
    expect(new Set(raised.map(idOf)).size).toBe(1)
  })

  test("completes no batch that is open, however long its jobs have ended, until nobody has added to it for a day", async () => {
    const { batch, tend, succeedAll, advance, found } = await setUp({ close: false })
    await succeedAll()
    advance(86_399_999)
    await tend()
    expect(await found(batch)).toMatchObject({ isClosed: false, completedAt: null, counts: { succeeded: 2 } })
    advance(1)
    await tend()
    await tend()
    expect(await found(batch)).toMatchObject({ isClosed: true, completedAt: expect.any(Date) })
  })

  test("completes no batch to which something is added between the look and the write", async () => {
    const { batch, batches, batchJobs, add, tend, succeedAll, found, raised } = await setUp()
    await succeedAll()
    const { count } = batchJobs
    batchJobs.count = async (ref) => {
      const counts = await count(ref)
      batchJobs.count = count
      await add(await found(batch), [itemOf("late")])
      return counts
    }
    await tend()
    expect(raised).toEqual([])
    expect(await batches.find(batch)).toMatchObject({ completedAt: null })
    await tend()
    expect(await batches.find(batch)).toMatchObject({ completedAt: null })
    await succeedAll()
    await tend()
    expect(raised).toMatchObject([{ data: { counts: { total: 3, succeeded: 3 } } }])
  })

  test("ends what a cancelled batch has left, also one that was never closed", async () => {
    const { batch, batches, tend, ofBatch, succeed, advance, raised, found } = await setUp({ close: false })
    const [first] = ofBatch(batch)
    if (first) await succeed(first)
    // The mark alone: whoever cancels may end right after it.
    await batches.cancel({ tenantId: "default", id: batch.id, at: new Date("2026-01-01T00:00:00.000Z") })
    await tend()
    expect(ofBatch(batch).map(({ status }) => status)).toEqual(["succeeded", "cancelled"])
    expect(await found(batch)).toMatchObject({ completedAt: null })
    advance(60_000)
    await tend()
    expect(raised).toMatchObject([{ data: { status: "cancelled", counts: { total: 2, succeeded: 1, cancelled: 1 } } }])
  })

  test("counts a batch again when a job of it is replayed, and tells nobody a second time", async () => {
    const { batch, batches, jobs, ofBatch, succeed, tend, raised, advance, found, clock } = await setUp()
    const [first, second] = ofBatch(batch)
    if (!first || !second) throw new Error("too few jobs")
    await succeed(first)
    await jobs.abandon({ id: second.id, run: 1, ending: sampleFailure({ at: clock(), eventId: "evt_1" }) })
    await jobs.markFannedOut([{ jobId: second.id, eventId: "evt_1" }])
    await tend()
    await tend()
    expect(await found(batch)).toMatchObject({ isActive: false, counts: { succeeded: 1, failed: 1 } })
    await batches.activate({ tenantId: "default", id: batch.id, until: new Date(clock().getTime() + 60_000) })
    await tend()
    expect(await found(batch)).toMatchObject({ isActive: true })
    const now = clock()
    await jobs.replay({ id: second.id, run: 1, ...sampleReplaying({ at: now, deadline: now, enqueueDueAt: now }) })
    advance(60_000)
    await tend()
    expect(await found(batch)).toMatchObject({ isActive: true, counts: { succeeded: 1, queued: 1, failed: 0 } })
    await succeed({ id: second.id, run: 2 })
    await tend()
    expect(await found(batch)).toMatchObject({ isActive: false, counts: { succeeded: 2, failed: 0 } })
    expect(raised).toHaveLength(1)
  })

  test("is one process's at a time", async () => {
    const { tend, tenderAs, advance } = await setUp()
    expect(await tend()).toEqual({ led: true })
    expect(await tenderAs("w2")()).toEqual({ led: false })
    advance(60_000)
    expect(await tenderAs("w2")()).toEqual({ led: true })
  })

  test("removes a batch when its jobs have gone, a day after its end at the earliest", async () => {
    const { batch, batches, jobs, tend, succeedAll, advance, ofBatch } = await setUp()
    await succeedAll()
    await tend()
    await tend()
    advance(86_400_001)
    await tend()
    expect(await batches.find(batch)).not.toBeNull()
    await createAccountUsage({ ledger: createMemoryUsage(jobs).ledger })()
    for (const job of ofBatch(batch)) {
      await jobs.markFannedOut(job.events.map(({ id: eventId }) => ({ jobId: job.id, eventId })))
      expect(await jobs.remove({ tenantId: "default", id: job.id })).toBe("removed")
    }
    await tend()
    expect(await batches.find(batch)).not.toBeNull()
    advance(60_000)
    await tend()
    expect(await batches.find(batch)).toBeNull()
  })
})
