import { type DeadLetterStore, jobIdOfDeadLetter } from "@sluice/core"
import { type DeadJobDocument, deadJobProjection, toDeadLetter } from "./dead-job.ts"
import type { DeadLetterContext } from "./dead-letter-context.ts"

export function findDeadLetter({ toJobs, operations }: DeadLetterContext): DeadLetterStore["find"] {
  return async ({ tenantId, id }) => {
    const jobId = jobIdOfDeadLetter(id)
    if (jobId === null) return null
    return await operations.run(`read of ${id}`, async () => {
      const query = { _id: jobId, tenantId, "deadLetter.at": { $exists: true } }
      const found = await toJobs((jobs) => jobs.findOne<DeadJobDocument>(query, { projection: deadJobProjection }))
      return found && toDeadLetter(found)
    })
  }
}
