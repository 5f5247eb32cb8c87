export type { Catalog } from "./catalog.ts"
export { createExecuteJob, type ExecuteJobDependencies } from "./execute/execute-job.ts"
export type { ExecutionObserver } from "./execute/execution-observer.ts"
export { createLeaseKeeper, type LeaseKeeper } from "./execute/lease-keeper.ts"
export { imageBlobId } from "./execute/store-output.ts"
export { createSchemaCache, type SchemaCache } from "./structure/schema-cache.ts"
export {
  createSubmitJob,
  type SubmitJob,
  type SubmitJobDependencies,
  type SubmitJobOutcome,
  type SubmitJobRequest,
} from "./submit/submit-job.ts"
export { runPeriodically } from "./sweep/run-periodically.ts"
export { createSweep, type SweepDependencies, type SweepReport } from "./sweep/sweep.ts"
export { createJobWaiter, type JobWaiter, type WaitForJobRequest } from "./wait/wait-for-job.ts"
