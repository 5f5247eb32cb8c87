import type { BatchJobs, BatchStore } from "@sluice/core"
import {
  type CancelJob,
  createAddItems,
  createBatchResults,
  createCancelBatch,
  createCreateBatch,
  type SubmitJobDependencies,
} from "@sluice/engine"
import type { BatchRoutesDependencies } from "../routes/batches/mount-batches.ts"

export interface BuildBatchesOptions {
  readonly batches: BatchStore
  readonly batchJobs: BatchJobs
  readonly cancelJob: CancelJob
  /** What single submissions are made with. */
  readonly submission: SubmitJobDependencies
}

/** What the API does with batches. */
export function buildBatches({ batches, batchJobs, cancelJob, submission }: BuildBatchesOptions): BatchRoutesDependencies {
  const { clock } = submission
  return {
    batches,
    batchJobs,
    createBatch: createCreateBatch({ ...submission, batches }),
    addItems: createAddItems({ ...submission, batches, batchJobs }),
    cancelBatch: createCancelBatch({ batches, batchJobs, cancelJob, clock }),
    batchResults: createBatchResults({ batchJobs, clock }),
  }
}
