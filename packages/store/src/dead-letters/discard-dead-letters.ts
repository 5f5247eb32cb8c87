import type { DeadLetterStore, Discard } from "@sluice/core"
import type { Filter } from "mongodb"
import { TryAgain } from "../errors/try-again.ts"
import { type JobDocument, knownVersion } from "../jobs/job-document.ts"
import type { DeadLetterContext } from "./dead-letter-context.ts"
import { jobsOfFilter } from "./dead-letter-filter.ts"

export function discardDeadLetters(context: DeadLetterContext): DeadLetterStore["discard"] {
  return async ({ filter, limit, ...discard }) => {
    const selected = jobsOfFilter({ ...filter, state: "open" })
    return selected === null ? 0 : await discardSome(context, { selected, limit, discard })
  }
}

/** Retention: what nobody has acted on for too long. */
export function discardOldDeadLetters(context: DeadLetterContext): DeadLetterStore["discardOld"] {
  return ({ createdBefore, limit, ...discard }) =>
    discardSome(context, { selected: { "deadLetter.state": "open", "deadLetter.at": { $lt: createdBefore } }, limit, discard })
}

interface Selected {
  readonly selected: Filter<JobDocument>
  readonly limit: number
  readonly discard: Discard
}

/** Should an attempt be repeated, its count is that of the last one. */
function discardSome({ toJobs, operations }: DeadLetterContext, { selected, limit, discard }: Selected): Promise<number> {
  return operations.run("discarding dead letters", async () => {
    const options = { projection: { _id: 1 }, sort: { "deadLetter.at": 1, _id: 1 }, limit, batchSize: limit + 1 } as const
    const found = await toJobs((jobs) => jobs.find({ ...selected, ...knownVersion }, options).toArray())
    if (found.length === 0) return 0
    const open = { _id: { $in: found.map(({ _id }) => _id) }, "deadLetter.state": "open" } as const
    const update = { $set: { "deadLetter.state": "discarded", "deadLetter.discarded": discard } } as const
    const { modifiedCount } = await toJobs((jobs) => jobs.updateMany(open, update))
    if (modifiedCount === 0) throw new TryAgain("others have dealt with all that were found")
    return modifiedCount
  })
}
