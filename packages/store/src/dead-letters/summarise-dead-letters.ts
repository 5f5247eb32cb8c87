import type { DeadLetterGrouping, DeadLetterStore } from "@sluice/core"
import type { Document } from "mongodb"
import type { DeadLetterContext } from "./dead-letter-context.ts"
import { jobsOfFilter } from "./dead-letter-filter.ts"

interface GroupDocument {
  readonly _id: string | null
  readonly count: number
}

const keyExpressions: Readonly<Record<DeadLetterGrouping, Document | string>> = {
  errorType: "$deadLetter.error.type",
  endpoint: "$deadLetter.error.endpoint",
  route: "$route",
  inputKind: "$kind",
  day: { $dateToString: { date: "$deadLetter.at", format: "%Y-%m-%d", timezone: "UTC" } },
}

/** Counts a tenant's dead letters by cause. For the open ones of a tenant everything but the kind is in one index. */
export function summariseDeadLetters({ toJobs, operations }: DeadLetterContext): DeadLetterStore["summarise"] {
  return async ({ filter, by }) => {
    const selected = jobsOfFilter(filter)
    if (selected === null) return []
    const pipeline = [{ $match: selected }, { $group: { _id: keyExpressions[by], count: { $sum: 1 } } }, { $sort: { count: -1, _id: 1 } }]
    return await operations.run("summary of dead letters", async () => {
      const groups = await toJobs((jobs) => jobs.aggregate<GroupDocument>(pipeline).toArray())
      return groups.map(({ _id, count }) => ({ key: _id, count }))
    })
  }
}
