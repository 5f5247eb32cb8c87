import type { Batch, BatchJobs, Clock, FinalJob, ResultOrder, ResultPosition } from "@sluice/core"

export interface BatchResultsDependencies {
  readonly batchJobs: Pick<BatchJobs, "findEnded" | "load">
  readonly clock: Clock
}

export interface BatchResultsRequest {
  readonly batch: Batch
  readonly order: ResultOrder
  readonly after: ResultPosition | null
}

export type BatchResults = (request: BatchResultsRequest) => AsyncGenerator<FinalJob>

/** Outputs of up to 1 MiB are in the jobs: this bounds what is in memory at a time. */
const pageSize = 25
/**
 * In the order of completion a job that ended a moment ago is kept back while the batch is active: one that ended a little
 * before may still be on its way to the database, and whoever goes on from a cursor would miss it.
 */
const settlingMs = 2_000

/** The jobs of a batch that have ended, page by page, as fast as they are taken. */
export function createBatchResults({ batchJobs, clock }: BatchResultsDependencies): BatchResults {
  return async function* results({ batch, order, after }) {
    const ref = { tenantId: batch.tenantId, batchId: batch.id }
    const isSettling = order === "completed" && batch.isActive && batch.completedAt === null
    const endedBy = new Date(clock().getTime() - (isSettling ? settlingMs : -settlingMs))
    const positions = await batchJobs.findEnded({ ...ref, order, after, endedBy })
    for (let from = 0; from < positions.length; from += pageSize) {
      const ids = positions.slice(from, from + pageSize).map(({ jobId }) => jobId)
      yield* await batchJobs.load({ ...ref, ids })
    }
  }
}
