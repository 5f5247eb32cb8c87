import type { BatchCounts } from "../contract/batch.ts"
import { isFinal, type Job } from "../job/job.ts"
import { type BatchJobs, type BatchJobsRef, inResultOrder } from "../ports/batch-jobs.ts"

/** The batches among the jobs of a memory job store. */
export function createMemoryBatchJobs({ jobs }: { readonly jobs: Map<string, Job> }): BatchJobs {
  const of = ({ tenantId, batchId }: BatchJobsRef) =>
    [...jobs.values()].filter((job) => job.tenantId === tenantId && job.batchId === batchId).sort((a, b) => (a.id < b.id ? -1 : 1))
  const unfinished = (ref: BatchJobsRef) => of(ref).filter((job) => !isFinal(job))
  return {
    findItems({ customIds, ...ref }) {
      const wanted = new Set(customIds)
      const known = of(ref).flatMap(({ id, customId, requestHash }) =>
        customId !== null && wanted.has(customId) ? [{ customId, jobId: id, requestHash }] : [],
      )
      return Promise.resolve(known)
    },
    count: (ref) => Promise.resolve(countsOf(of(ref))),
    hasUnfinished: (ref) => Promise.resolve(unfinished(ref).length > 0),
    hasAny: (ref) => Promise.resolve(of(ref).length > 0),
    findUnfinished({ after, limit, ...ref }) {
      const found = unfinished(ref).filter(({ id }) => after === null || id > after)
      return Promise.resolve(found.slice(0, limit).map(({ id }) => id))
    },
    findEnded({ order, after, endedBy, ...ref }) {
      const ended = of(ref).flatMap((job) =>
        isFinal(job) && job.finishedAt <= endedBy ? [{ endedAt: job.finishedAt, jobId: job.id }] : [],
      )
      return Promise.resolve(inResultOrder(ended, { order, after }))
    },
    load({ ids, ...ref }) {
      const known = new Map(of(ref).map((job) => [job.id, job]))
      return Promise.resolve(
        ids.flatMap((id) => {
          const job = known.get(id)
          return job && isFinal(job) ? [job] : []
        }),
      )
    },
  }
}

function countsOf(jobs: readonly Job[]): BatchCounts {
  const of = (status: Job["status"]) => jobs.filter((job) => job.status === status).length
  return {
    total: jobs.length,
    queued: of("queued"),
    running: of("running"),
    succeeded: of("succeeded"),
    failed: of("failed"),
    cancelled: of("cancelled"),
    expired: of("expired"),
  }
}
