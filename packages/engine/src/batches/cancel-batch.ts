import type { Batch, BatchJobs, BatchRef, BatchStore, Clock } from "@sluice/core"
import type { CancelJob } from "../cancel/cancel-job.ts"

export interface CancelJobsDependencies {
  readonly batchJobs: Pick<BatchJobs, "findUnfinished">
  readonly cancelJob: CancelJob
}

export interface CancelBatchDependencies extends CancelJobsDependencies {
  readonly batches: Pick<BatchStore, "cancel">
  readonly clock: Clock
}

export type CancelBatch = (ref: BatchRef) => Promise<Batch | null>

const pageSize = 100
/** What a caller is made to wait for. The rest is ended by whoever looks after batches. */
const maxAtOnce = 500

/**
 * Lets nothing more be added to a batch, and ends its jobs, the first of them at once. Returns it as it is then: one that was
 * complete before stays so. Null when it is not there. Rejects with `StorageUnavailableError`.
 */
export function createCancelBatch(dependencies: CancelBatchDependencies): CancelBatch {
  return async (ref) => {
    const batch = await dependencies.batches.cancel({ ...ref, at: dependencies.clock() })
    if (batch?.cancelRequestedAt && batch.completedAt === null) await cancelJobsOf(dependencies, ref, { max: maxAtOnce })
    return batch
  }
}

/** Ends unfinished jobs of a batch, at most `max`. */
export async function cancelJobsOf(
  { batchJobs, cancelJob }: CancelJobsDependencies,
  { tenantId, id: batchId }: BatchRef,
  { max }: { readonly max: number },
): Promise<void> {
  let after: string | null = null
  for (let count = 0; count < max; count += pageSize) {
    const ids: readonly string[] = await batchJobs.findUnfinished({ tenantId, batchId, after, limit: pageSize })
    await Promise.all(ids.map((id) => cancelJob({ tenantId, id })))
    if (ids.length < pageSize) return
    after = ids.at(-1) ?? null
  }
}
