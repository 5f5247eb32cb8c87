import type { JobResource } from "../../packages/core/src/index.ts"
import type { Evidence, InflictedStrike, ProviderCall } from "./evidence.ts"
import type { FaultName } from "./faults.ts"

/** Why providers did more work than jobs got answers. */
export interface PaidTwice {
  /** Work beyond one answer for each job that providers were paid for. */
  readonly extra: number
  /** The job's own ledger has the call, as an attempt that failed: its answer came too late, or not at all. */
  readonly inLedger: number
  /** A worker, or what it works from, was harmed at that time, and another repeated the call under the same idempotency key. */
  readonly sameKey: number
  /** The same, but the repetition has another key, so that no provider can tell. */
  readonly acrossFault: number
  /** None of these: two executions ran side by side though nothing was harmed. */
  readonly unexplained: readonly ProviderCall[]
}

/** The paid calls of each job for which there were several, in the order in which they were made. */
export function callsPaidTwice(calls: readonly ProviderCall[]): ReadonlyMap<string, readonly ProviderCall[]> {
  const paid = Map.groupBy(
    calls.filter(({ isPaid }) => isPaid),
    ({ jobId }) => jobId,
  )
  const several = Array.from(paid).filter(([, list]) => list.length > 1)
  return new Map(several.map(([jobId, list]) => [jobId, list.toSorted((a, b) => a.atMs - b.atMs)]))
}

/**
 * Provider calls are at least once: a crash after a call may repeat it. Counts the repetitions, and finds the reason for each.
 */
export function explainPaidTwice({ calls, ledgers, strikes }: Pick<Evidence, "calls" | "ledgers" | "strikes">): PaidTwice {
  const ledgerOf = new Map(ledgers.map((job) => [job.id, job]))
  const counts = { inLedger: 0, sameKey: 0, acrossFault: 0 }
  const unexplained: ProviderCall[] = []
  for (const [jobId, paid] of callsPaidTwice(calls)) {
    const known = failedAttempts(ledgerOf.get(jobId))
    // The last one is what the job took. A provider may get to a call long after its caller gave it up, and after the next one.
    const inOrder = [...paid.filter((call) => known.has(call.idempotencyKey)), ...paid.filter((call) => !known.has(call.idempotencyKey))]
    for (const [index, call] of inOrder.slice(0, -1).entries()) {
      const next = inOrder[index + 1] ?? call
      const reason = reasonFor(call, next, { known, strikes })
      if (reason === null) unexplained.push(call)
      else counts[reason] += 1
    }
  }
  const extra = counts.inLedger + counts.sameKey + counts.acrossFault + unexplained.length
  return { extra, ...counts, unexplained }
}

/** What was locked or claimed before a fault stays so for as long as this, and may be handed out a second time meanwhile. */
const aftermathMs = 30_000
/** These touch neither a worker nor what it works from. */
const harmlessToWorkers: ReadonlySet<FaultName> = new Set<FaultName>(["kill-api", "freeze-api", "reset-provider"])

interface Reasons {
  /** Idempotency keys of attempts that the ledger has as failed. */
  readonly known: ReadonlySet<string>
  readonly strikes: readonly InflictedStrike[]
}

function reasonFor(call: ProviderCall, next: ProviderCall, { known, strikes }: Reasons) {
  const isRepeated = call.idempotencyKey === next.idempotencyKey
  if (!isRepeated && known.has(call.idempotencyKey)) return "inLedger"
  const touched = strikes.filter(({ fault }) => !harmlessToWorkers.has(fault))
  if (!touched.some(({ fromMs, untilMs }) => fromMs <= next.atMs && untilMs + aftermathMs >= call.atMs)) return null
  return isRepeated ? "sameKey" : "acrossFault"
}

function failedAttempts(job: JobResource | undefined): ReadonlySet<string> {
  const failed = (job?.attempts ?? []).filter(({ outcome }) => outcome !== "succeeded")
  return new Set(failed.map(({ number }) => `${job?.id}-${job?.run}-${number}`))
}
