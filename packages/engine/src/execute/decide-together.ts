import { flightKeyOf } from "../cache/flight-key.ts"
import { hitOfShared, type SharedAnswer } from "../cache/shared-answer.ts"
import type { SingleFlight } from "../cache/single-flight.ts"
import type { Execution } from "./execution.ts"
import { expiryAfter } from "./job-errors.ts"
import { ended, handBack, succeedByCache, type Verdict, type VerdictDependencies } from "./verdicts.ts"

export interface TogetherDependencies extends VerdictDependencies {
  readonly flights: SingleFlight<SharedAnswer>
}

type Decide = (execution: Execution) => Promise<Verdict>

/** Timers take no more. A job with a later deadline looks again then. */
const maxTimerMs = 2_147_483_647

/**
 * Decides for a job alone, unless this process is asking the same for another job that may share its answer: then it waits for
 * that one, and is served as from the cache. Who leads does not notice; if it gets no answer, one of those who wait leads.
 */
export async function decideTogether(dependencies: TogetherDependencies, execution: Execution, decide: Decide): Promise<Verdict> {
  const { job, route, signal } = execution
  const { clock, flights } = dependencies
  const key = flightKeyOf(job, route)
  if (key === null) return await decide(execution)

  let leads = false
  const lead = (share: Execution["share"]) => {
    leads = true
    return decide({ ...execution, share })
  }
  const patience = untilDeadline(execution, clock().getTime())
  try {
    const outcome = await flights.run({ key, signal: patience.signal, lead })
    return outcome.kind === "led" ? outcome.own : await succeedByCache(dependencies, execution, hitOfShared(outcome.shared, clock))
  } catch (error) {
    if (leads || !patience.signal.aborted) throw error
    if (signal.aborted) return handBack(execution, { notBefore: null, waiting: null, delayMs: 0 })
    return ended(dependencies, { status: "expired", attempts: [], error: expiryAfter(job, clock()) })
  } finally {
    patience.end()
  }
}

/** Aborted when the job's own time is over, or when its execution is. */
function untilDeadline({ job, signal }: Execution, nowMs: number) {
  const controller = new AbortController()
  const timer = setTimeout(() => controller.abort(), Math.min(maxTimerMs, job.deadline.getTime() - nowMs))
  return { signal: AbortSignal.any([signal, controller.signal]), end: () => clearTimeout(timer) }
}
