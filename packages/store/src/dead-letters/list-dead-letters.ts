import type { DeadLetterStore } from "@sluice/core"
import { type DeadJobDocument, deadJobProjection, toDeadLetter } from "./dead-job.ts"
import type { DeadLetterContext } from "./dead-letter-context.ts"
import { jobsAfter, jobsOfFilter } from "./dead-letter-filter.ts"

/** A page of a tenant's dead letters, by time, then id. */
export function listDeadLetters({ toJobs, operations }: DeadLetterContext): DeadLetterStore["list"] {
  return async ({ filter, order, after, limit }) => {
    const selected = jobsOfFilter(filter)
    if (selected === null) return []
    const direction = order === "oldest_first" ? 1 : -1
    const sort = { "deadLetter.at": direction, _id: direction } as const
    const query = after === null ? selected : { $and: [selected, jobsAfter(after, order)] }
    const options = { projection: deadJobProjection, sort, limit, batchSize: limit + 1 }
    return await operations.run("list of dead letters", async () => {
      const found = await toJobs((jobs) => jobs.find<DeadJobDocument>(query, options).toArray())
      return found.map(toDeadLetter)
    })
  }
}
