import type { SendTo } from "../connection/database.ts"
import type { JobDocument } from "../jobs/job-document.ts"
import type { Operations } from "../operations/operations.ts"

/** What the operations on dead letters share. */
export interface DeadLetterContext {
  readonly toJobs: SendTo<JobDocument>
  readonly operations: Operations
}
