import type { DeadLetterStore } from "@sluice/core"
import type { DeadLetterContext } from "./dead-letter-context.ts"

interface OutcomeDocument {
  /** The event that ended the run; absent: it has not ended. */
  readonly _id: string | null
  readonly count: number
}

/** Counted from the jobs each time, so that no count can be lost or made twice. */
export function replayProgress({ toJobs, operations }: DeadLetterContext): DeadLetterStore["progressOf"] {
  return ({ tenantId, replayId }) => {
    const ofReplay = { "deadLetter.replays.replayId": replayId }
    const endings = { $filter: { input: "$events", as: "event", cond: { $eq: ["$$event.run", "$deadLetter.replays.run"] } } }
    const pipeline = [
      { $match: { ...ofReplay, tenantId } },
      { $project: { "deadLetter.replays": 1, "events.run": 1, "events.type": 1 } },
      { $unwind: "$deadLetter.replays" },
      { $match: ofReplay },
      { $project: { endings } },
      { $group: { _id: { $arrayElemAt: ["$endings.type", 0] }, count: { $sum: 1 } } },
    ]
    return operations.run(`progress of ${replayId}`, async () => {
      const outcomes = await toJobs((jobs) => jobs.aggregate<OutcomeDocument>(pipeline).toArray())
      const count = (...types: readonly string[]) =>
        outcomes.reduce((sum, outcome) => sum + (types.includes(outcome._id ?? "") ? outcome.count : 0), 0)
      return {
        requeued: outcomes.reduce((sum, outcome) => sum + outcome.count, 0),
        succeeded: count("job.succeeded"),
        failed: count("job.failed", "job.expired"),
        cancelled: count("job.cancelled"),
      }
    })
  }
}
