import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { itemKey } from "../batch/batch.ts"
import type { QueuedJob } from "../job/job.ts"
import { newBatchId } from "../job/job-id.ts"
import { createOrderedJobIds } from "../job/ordered-job-ids.ts"
import type { BatchJobs, BatchJobsRef } from "../ports/batch-jobs.ts"
import type { JobStore } from "../ports/job-store.ts"
import type { UsageLedger } from "../ports/usage-ledger.ts"
import { sampleFailure, sampleSuccess } from "./sample-ending.ts"
import { sampleJob } from "./sample-job.ts"

const t0 = new Date("2026-01-01T00:00:00.000Z")
const later = (ms: number) => new Date(t0.getTime() + ms)
const none = { total: 0, queued: 0, running: 0, succeeded: 0, failed: 0, cancelled: 0, expired: 0 }

/** What every `BatchJobs` promises. */
export function batchJobsConformance(
  name: string,
  open: () => Promise<{ jobs: JobStore; ledger: Pick<UsageLedger, "markAccounted">; batchJobs: BatchJobs; close: () => Promise<void> }>,
): void {
  describe(`${name} as BatchJobs`, () => {
    let opened: Awaited<ReturnType<typeof open>>
    let tenants = 0
    beforeAll(async () => {
      opened = await open()
    })
    afterAll(() => opened.close())
    const nextId = createOrderedJobIds()

    /** A batch of queued jobs, of which the ids are in the order of submission. */
    async function batchOf(size: number): Promise<{ ref: BatchJobsRef; jobs: QueuedJob[] }> {
      const ref = { tenantId: `batch-jobs-${Date.now().toString(36)}-${++tenants}`, batchId: newBatchId({ at: t0 }) }
      const jobs = Array.from({ length: size }, (_, index) => {
        const item = { ...ref, customId: `item-${index}` }
        return sampleJob({ ...item, id: nextId(t0), idempotencyKey: itemKey(item), requestHash: `hash-${index}` })
      })
      await Promise.all(jobs.map((job) => opened.jobs.insert(job)))
      return { ref, jobs }
    }
    async function claimed({ id }: QueuedJob): Promise<void> {
      await opened.jobs.claim({ id, run: 1, claim: { token: `token-${id}`, workerId: "w", at: t0 } })
    }
    async function ended(job: QueuedJob, ending: Parameters<JobStore["finish"]>[0]["ending"]): Promise<void> {
      await claimed(job)
      expect(await opened.jobs.finish({ id: job.id, run: 1, token: `token-${job.id}`, ending })).toEqual({ applied: true })
    }

    test("knows its items by the caller's names, and no other tenant's", async () => {
      const { ref, jobs } = await batchOf(3)
      const customIds = ["item-2", "item-0", "item-9", "$where"]
      const found = await opened.batchJobs.findItems({ ...ref, customIds })
      const expected = [0, 2].map((index) => ({ customId: `item-${index}`, jobId: jobs[index]?.id, requestHash: `hash-${index}` }))
      expect(found.toSorted((a, b) => (a.customId < b.customId ? -1 : 1))).toEqual(expected)
      expect(await opened.batchJobs.findItems({ ...ref, tenantId: "other", customIds })).toEqual([])
      expect(await opened.batchJobs.findItems({ ...ref, customIds: [] })).toEqual([])
    })

    test("an item that is inserted again under another id is the one that is there", async () => {
      const { jobs } = await batchOf(1)
      const [job] = jobs
      if (!job) throw new Error("no job")
      const again = { ...job, id: nextId(t0), createdAt: later(365 * 86_400_000) }
      expect(await opened.jobs.insert(again)).toMatchObject({ kind: "existing", job: { id: job.id, customId: "item-0" } })
    })

    test("counts its jobs by status, whatever becomes of them", async () => {
      const { ref, jobs } = await batchOf(5)
      const [first, second, third, fourth] = jobs
      if (!first || !second || !third || !fourth) throw new Error("too few jobs")
      expect(await opened.batchJobs.count(ref)).toEqual({ ...none, total: 5, queued: 5 })
      await ended(first, sampleSuccess())
      await ended(second, sampleFailure())
      await opened.jobs.cancel({ tenantId: ref.tenantId, id: third.id, at: t0, eventId: "evt_c" })
      await claimed(fourth)
      expect(await opened.batchJobs.count(ref)).toEqual({ ...none, total: 5, queued: 1, running: 1, succeeded: 1, failed: 1, cancelled: 1 })
      await opened.jobs.markFannedOut([{ jobId: first.id, eventId: sampleSuccess().eventId }])
      await opened.ledger.markAccounted({ number: 1, jobs: [{ id: first.id, calls: 1, ends: 1 }] })
      await opened.jobs.remove({ tenantId: ref.tenantId, id: first.id })
      expect(await opened.batchJobs.count(ref)).toMatchObject({ total: 4, succeeded: 0 })
      expect(await opened.batchJobs.count({ ...ref, tenantId: "other" })).toEqual(none)
    })

    test("walks through the unfinished ones in the order of submission", async () => {
      const { ref, jobs } = await batchOf(5)
      const [first, ...others] = jobs
      if (!first) throw new Error("no job")
      await ended(first, sampleSuccess())
      const page = (after: string | null) => opened.batchJobs.findUnfinished({ ...ref, after, limit: 3 })
      const left = others.map(({ id }) => id)
      expect(await page(null)).toEqual(left.slice(0, 3))
      expect(await page(left[2] ?? null)).toEqual(left.slice(3))
      expect(await opened.batchJobs.hasUnfinished(ref)).toBe(true)
      for (const job of others) await ended(job, sampleFailure())
      expect(await opened.batchJobs.hasUnfinished(ref)).toBe(false)
      expect(await opened.batchJobs.hasAny(ref)).toBe(true)
      expect(await opened.batchJobs.hasAny({ ...ref, batchId: newBatchId({ at: t0 }) })).toBe(false)
    })

    test("tells what has ended in either order, from any place on, and up to a time", async () => {
      const { ref, jobs } = await batchOf(5)
      const ends = [30, 10, 20, 10].map(later)
      const positions = jobs.slice(0, ends.length).map(({ id }, index) => ({ jobId: id, endedAt: ends[index] ?? t0 }))
      await Promise.all(positions.map(({ endedAt }, index) => ended(jobs[index] ?? sampleJob(), sampleSuccess({ at: endedAt }))))
      const byEnd = [1, 3, 2, 0].flatMap((index) => positions[index] ?? [])
      const all = { ...ref, after: null, endedBy: later(1_000) }
      expect(await opened.batchJobs.findEnded({ ...all, order: "submitted" })).toEqual(positions)
      expect(await opened.batchJobs.findEnded({ ...all, order: "completed" })).toEqual(byEnd)
      for (const [index, after] of byEnd.entries()) {
        expect(await opened.batchJobs.findEnded({ ...all, order: "completed", after })).toEqual(byEnd.slice(index + 1))
      }
      for (const [index, after] of positions.entries()) {
        expect(await opened.batchJobs.findEnded({ ...all, order: "submitted", after })).toEqual(positions.slice(index + 1))
      }
      expect(await opened.batchJobs.findEnded({ ...all, order: "completed", endedBy: later(20) })).toEqual(byEnd.slice(0, 3))
      expect(await opened.batchJobs.findEnded({ ...all, order: "completed", tenantId: "other" })).toEqual([])
    })

    test("loads the ended ones of the ids, in their order, with all but the input", async () => {
      const { ref, jobs } = await batchOf(3)
      const [first, second, third] = jobs
      if (!first || !second || !third) throw new Error("too few jobs")
      await ended(first, sampleSuccess())
      await ended(second, sampleFailure())
      const loaded = await opened.batchJobs.load({ ...ref, ids: [second.id, third.id, first.id] })
      const stored = await Promise.all([second, first].map(({ id }) => opened.jobs.find({ tenantId: ref.tenantId, id })))
      const withoutInput = stored.map((job) => ({ ...job, work: { kind: "chat", input: null } }))
      expect(loaded.map((job) => ({ ...job, work: { kind: job.work.kind, input: null } }))).toEqual(withoutInput)
      expect(await opened.batchJobs.load({ ...ref, tenantId: "other", ids: [first.id] })).toEqual([])
    })
  })
}
