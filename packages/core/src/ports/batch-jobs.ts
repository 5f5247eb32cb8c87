import type { BatchCounts, ResultOrder } from "../contract/batch.ts"
import type { FinalJob } from "../job/job.ts"

export interface BatchJobsRef {
  readonly tenantId: string
  readonly batchId: string
}

/** An item that the batch has. */
export interface KnownItem {
  readonly customId: string
  readonly jobId: string
  /** Of its submission, as `JobBase.requestHash`. */
  readonly requestHash: string | null
}

/** Where a job that has ended stands among the results. */
export interface ResultPosition {
  readonly endedAt: Date
  readonly jobId: string
}

/**
 * A batch as its jobs make it. Nothing here holds an input, so that it costs the same whatever was asked. Every method
 * rejects with `StorageUnavailableError` when the database does not answer in time.
 */
export interface BatchJobs {
  /** Those of these items that the batch has. */
  findItems(request: BatchJobsRef & { readonly customIds: readonly string[] }): Promise<readonly KnownItem[]>
  count(ref: BatchJobsRef): Promise<BatchCounts>
  hasUnfinished(ref: BatchJobsRef): Promise<boolean>
  hasAny(ref: BatchJobsRef): Promise<boolean>
  /** Ids of unfinished jobs, in the order of submission, from after this one on. */
  findUnfinished(request: BatchJobsRef & { readonly after: string | null; readonly limit: number }): Promise<readonly string[]>
  /** All jobs that ended by this time and stand behind `after` in this order, at most as many as a batch has items. */
  findEnded(
    request: BatchJobsRef & { readonly order: ResultOrder; readonly after: ResultPosition | null; readonly endedBy: Date },
  ): Promise<readonly ResultPosition[]>
  /** Those of these jobs that have ended, in the order of `ids`. Of their input nothing may be read. */
  load(request: BatchJobsRef & { readonly ids: readonly string[] }): Promise<readonly FinalJob[]>
}

/** Sorts and cuts what has ended, as `findEnded` promises. */
export function inResultOrder(
  ended: readonly ResultPosition[],
  { order, after }: { readonly order: ResultOrder; readonly after: ResultPosition | null },
): readonly ResultPosition[] {
  const compareIds = (a: ResultPosition, b: ResultPosition) => (a.jobId < b.jobId ? -1 : Number(a.jobId > b.jobId))
  const compareEnds = (a: ResultPosition, b: ResultPosition) => a.endedAt.getTime() - b.endedAt.getTime() || compareIds(a, b)
  const compare = order === "submitted" ? compareIds : compareEnds
  return ended.filter((position) => after === null || compare(position, after) > 0).sort(compare)
}
