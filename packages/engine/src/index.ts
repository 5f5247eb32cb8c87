export type { Catalog } from "./catalog.ts"
export {
  createSubmitJob,
  type SubmitJob,
  type SubmitJobDependencies,
  type SubmitJobOutcome,
  type SubmitJobRequest,
} from "./submit/submit-job.ts"
export { createJobWaiter, type JobWaiter, type WaitForJobRequest } from "./wait/wait-for-job.ts"
