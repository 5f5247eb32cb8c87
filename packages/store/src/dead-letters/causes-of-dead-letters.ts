import { type DeadLetterStore, deadLetterIdOf } from "@sluice/core"
import type { DeadLetterContext } from "./dead-letter-context.ts"
import { jobsOfFilter } from "./dead-letter-filter.ts"

interface CauseDocument {
  readonly _id: { readonly errorType: string; readonly route: string; readonly endpoint?: string | null }
  readonly count: number
  readonly oldestAt: Date
  readonly newestAt: Date
  readonly sampleId: string
}

const group = {
  _id: { errorType: "$deadLetter.error.type", route: "$route", endpoint: "$deadLetter.error.endpoint" },
  count: { $sum: 1 },
  oldestAt: { $min: "$deadLetter.at" },
  newestAt: { $max: "$deadLetter.at" },
  // Ids begin with the time, so this is the one that was submitted last.
  sampleId: { $max: "$_id" },
}

/** Groups a tenant's dead letters by error, route and endpoint; for the open ones all of it is in one index. */
export function causesOfDeadLetters({ toJobs, operations }: DeadLetterContext): DeadLetterStore["causes"] {
  return async ({ filter, limit }) => {
    const selected = jobsOfFilter(filter)
    if (selected === null) return []
    const pipeline = [{ $match: selected }, { $group: group }, { $sort: { count: -1, sampleId: -1 } }, { $limit: limit }]
    return await operations.run("causes of dead letters", async () => {
      const groups = await toJobs((jobs) => jobs.aggregate<CauseDocument>(pipeline).toArray())
      return groups.map(({ _id: { errorType, route, endpoint = null }, sampleId, ...figures }) => {
        return { kind: "job", errorType, route, endpoint, ...figures, sampleId: deadLetterIdOf({ id: sampleId }) } as const
      })
    })
  }
}
