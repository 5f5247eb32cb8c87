import { type JobCommand, transition, type WriteOutcome } from "@sluice/core"
import { TryAgain } from "../errors/try-again.ts"
import type { JobContext } from "./job-context.ts"
import type { JobTrace } from "./job-reads.ts"
import type { JobUpdate } from "./update-lane.ts"

export interface ConditionalWrite {
  readonly what: string
  readonly update: JobUpdate
  readonly command: JobCommand
  /** Whether the job bears the mark of this very write. */
  readonly isDone: (trace: JobTrace) => boolean
}

/**
 * Makes a conditional write and finds out what became of it. Each leaves a mark of its own, so one whose outcome is
 * unknown is made again: if it was applied before, it cannot match now, and its mark tells. The refusal of one that lost
 * is what `transition` says of the job as it is.
 */
export function settleWrite(
  { operations, writes, reads }: JobContext,
  { what, update, command, isDone }: ConditionalWrite,
): Promise<WriteOutcome> {
  const id = update.filter._id
  return operations.run(what, async (signal) => {
    if ((await writes.add(update, signal)) === "matched") return { applied: true }
    const trace = await reads.trace(id)
    if (!trace) return { applied: false, refusal: "missing" }
    if (isDone(trace)) return { applied: true }
    const job = await reads.job(id)
    if (!job) return { applied: false, refusal: "missing" }
    const judged = transition(job, command)
    if (judged.applied) throw new TryAgain("the job changed while it was written")
    return { applied: false, refusal: judged.refusal }
  })
}

/** The mark of whatever ends a run is its event. */
export function hasEvent(mark: { readonly eventId: string; readonly by: string }): (trace: JobTrace) => boolean {
  return ({ events }) => events.some(({ id, by }) => id === mark.eventId && by === mark.by)
}
