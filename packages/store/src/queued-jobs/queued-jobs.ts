import type { QueuedJobs } from "@sluice/core"
import { type Database, sendTo } from "../connection/database.ts"
import { type JobDocument, jobsCollection } from "../jobs/job-document.ts"
import type { Operations } from "../operations/operations.ts"

/** `QueuedJobs` over the collection of jobs, by the index `tenant_status`. */
export function createQueuedJobs({ database, operations }: { readonly database: Database; readonly operations: Operations }): QueuedJobs {
  const toJobs = sendTo<JobDocument>(database, jobsCollection)
  return {
    count: ({ tenantId, limit }) =>
      operations.run(`count of the queued jobs of tenant ${tenantId}`, () =>
        toJobs((jobs) => jobs.countDocuments({ tenantId, status: "queued" }, { limit })),
      ),
  }
}
