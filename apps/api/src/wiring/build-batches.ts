import { type BatchJobs, type BatchStore, type JobStore, noTracer, type Tracer } from "@sluice/core"
import {
  type CancelJob,
  createAddItems,
  createBatchResults,
  createCancelBatch,
  createCreateBatch,
  type SubmitJobDependencies,
  type TenantLimits,
  traceAddItems,
} from "@sluice/engine"
import type { JobMetrics } from "@sluice/runtime"
import type { BatchRoutesDependencies } from "../routes/batches/mount-batches.ts"

export interface BuildBatchesOptions {
  readonly batches: BatchStore
  readonly batchJobs: BatchJobs
  readonly cancelJob: CancelJob
  /** What single submissions are made with. */
  readonly submission: SubmitJobDependencies
  readonly limits: Pick<TenantLimits, "takePlaces">
  readonly jobMetrics: Pick<JobMetrics, "submitted">
  /** Left out: nothing is traced. */
  readonly tracer?: Tracer
}

/** What the API does with batches. */
export function buildBatches({
  batches,
  batchJobs,
  cancelJob,
  submission,
  limits,
  jobMetrics,
  tracer = noTracer,
}: BuildBatchesOptions): Omit<BatchRoutesDependencies, "audit"> & { readonly batches: BatchStore } {
  const { clock } = submission
  return {
    batches,
    batchJobs,
    createBatch: createCreateBatch({ ...submission, batches }),
    addItems: traceAddItems(
      tracer,
      createAddItems({
        ...submission,
        store: measured(jobMetrics, submission.store),
        batches,
        batchJobs,
        takePlaces: limits.takePlaces,
      }),
    ),
    cancelBatch: createCancelBatch({ batches, batchJobs, cancelJob, clock }),
    batchResults: createBatchResults({ batchJobs, clock }),
  }
}

/** Counts the jobs of batches beside those that were submitted one by one. */
function measured(jobs: Pick<JobMetrics, "submitted">, store: Pick<JobStore, "insert">): Pick<JobStore, "insert"> {
  return {
    async insert(job) {
      const outcome = await store.insert(job)
      jobs.submitted({ route: job.route, outcome: outcome.kind === "inserted" ? "accepted" : "replayed" })
      return outcome
    },
  }
}
