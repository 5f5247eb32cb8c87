import { type BatchCounts, type BatchJobs, type BatchJobsRef, type FinalJob, inResultOrder, isFinal, itemKey } from "@sluice/core"
import { type Database, sendTo } from "../connection/database.ts"
import type { Sealer } from "../encryption/sealer.ts"
import { fromDocument, requestHashOf } from "../jobs/from-document.ts"
import { currentJobDocument, type JobDocument, jobsCollection, unfinished } from "../jobs/job-document.ts"
import type { Operations } from "../operations/operations.ts"

interface StatusGroup {
  readonly _id: keyof BatchCounts
  readonly count: number
}

/** Far above what a batch may have: a driver that gets them in one reply need not come again. */
const maxJobs = 20_000

export interface BatchJobsOptions {
  readonly database: Database
  readonly operations: Operations
  readonly sealer: Sealer
}

/** The `BatchJobs` on the jobs of a database, by the indexes that begin with `batch`. */
export function createBatchJobs({ database, operations, sealer }: BatchJobsOptions): BatchJobs {
  const toJobs = sendTo<JobDocument>(database, jobsCollection)
  const of = ({ tenantId, batchId }: BatchJobsRef) => ({ tenantId, batchId })
  const exists = async (ref: BatchJobsRef, more: object) => {
    const found = await toJobs((jobs) => jobs.findOne({ ...of(ref), ...more }, { projection: { _id: 1 } }))
    return found !== null
  }
  return {
    findItems: ({ customIds, ...ref }) =>
      operations.run("search for items of a batch", async () => {
        if (customIds.length === 0) return []
        const keys = customIds.map((customId) => itemKey({ ...ref, customId }))
        // By the unique index of idempotency keys, with its condition, without which the planner must not use it.
        const filter = { tenantId: ref.tenantId, idempotencyKey: { $exists: true, $in: keys } }
        const options = { projection: { tenantId: 1, customId: 1, requestHash: 1 }, batchSize: keys.length + 1 }
        const found = await toJobs((jobs) => jobs.find(filter, options).toArray())
        return found.flatMap((document) => {
          const { _id: jobId, customId } = document
          return customId === undefined ? [] : [{ customId, jobId, requestHash: requestHashOf(document, sealer) }]
        })
      }),
    count: (ref) =>
      operations.run("count of a batch", async () => {
        const pipeline = [{ $match: of(ref) }, { $group: { _id: "$status", count: { $sum: 1 } } }]
        return countsOf(await toJobs((jobs) => jobs.aggregate<StatusGroup>(pipeline).toArray()))
      }),
    hasUnfinished: (ref) => operations.run("look at a batch", () => exists(ref, { status: { $in: unfinished } })),
    hasAny: (ref) => operations.run("look at a batch", () => exists(ref, {})),
    findUnfinished: ({ after, limit, ...ref }) =>
      operations.run("walk through a batch", async () => {
        const filter = { ...of(ref), status: { $in: unfinished }, ...(after !== null && { _id: { $gt: after } }) }
        const options = { projection: { _id: 1 }, sort: { _id: 1 }, limit, batchSize: limit + 1 } as const
        return (await toJobs((jobs) => jobs.find(filter, options).toArray())).map(({ _id }) => _id)
      }),
    findEnded: ({ order, after, endedBy, ...ref }) =>
      operations.run("search for results of a batch", async () => {
        const from = order === "completed" && after !== null ? { $gte: after.endedAt } : {}
        const filter = { ...of(ref), finishedAt: { $exists: true, ...from, $lte: endedBy } }
        const options = { projection: { finishedAt: 1 }, limit: maxJobs, batchSize: maxJobs + 1 }
        const found = await toJobs((jobs) => jobs.find(filter, options).toArray())
        const ended = found.flatMap(({ _id: jobId, finishedAt }) => (finishedAt ? [{ jobId, endedAt: finishedAt }] : []))
        return inResultOrder(ended, { order, after })
      }),
    load: ({ ids, ...ref }) =>
      operations.run("results of a batch", async () => {
        const options = { projection: { input: 0 }, batchSize: ids.length + 1 }
        const found = await toJobs((jobs) => jobs.find({ _id: { $in: [...ids] }, ...of(ref) }, options).toArray())
        const known = new Map(found.map((document) => [document._id, document]))
        return ids.flatMap((id) => finalJobOf(known.get(id), sealer))
      }),
  }
}

function finalJobOf(document: JobDocument | undefined, sealer: Sealer): readonly FinalJob[] {
  if (!document) return []
  const withoutInput = { ...document, input: "null" }
  const job = fromDocument(currentJobDocument(withoutInput), sealer)
  return isFinal(job) ? [job] : []
}

function countsOf(groups: readonly StatusGroup[]): BatchCounts {
  const counts = new Map(groups.map(({ _id, count }) => [_id, count]))
  const of = (status: keyof BatchCounts) => counts.get(status) ?? 0
  return {
    total: groups.reduce((sum, { count }) => sum + count, 0),
    queued: of("queued"),
    running: of("running"),
    succeeded: of("succeeded"),
    failed: of("failed"),
    cancelled: of("cancelled"),
    expired: of("expired"),
  }
}
