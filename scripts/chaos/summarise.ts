import { table } from "../lib/table.ts"
import type { Evidence, InflictedStrike } from "./evidence.ts"
import type { FaultName } from "./faults.ts"
import type { PaidTwice } from "./paid-twice.ts"
import type { Finding, Verdict } from "./verify.ts"

const headings = ["fault", "times", "jobs affected", "recovery median", "longest", "lost", "duplicated"]
/** A run that fails by the thousand is as clear from a few. */
const maxFindingsShown = 10

/** Below it a delay of the suite itself explains nothing. */
const notableMs = 500

/** When a job was sent for the first time, and when it ended; Infinity for one that did not. */
interface Span {
  readonly jobId: string
  readonly fromMs: number
  readonly untilMs: number
}

/**
 * One line for each fault. A job is affected when it had been sent and had not ended at some moment of the fault;
 * recovery is the time from the beginning of the fault (a freeze is part of it) until the last job affected has ended.
 * A strike that met no job has none. A job that never ended, or was doubled, counts for the first fault that it met.
 */
export function faultTable({ submissions, jobs, strikes }: Evidence, { lost, duplicated }: Verdict): string {
  const ends = new Map(jobs.map(({ id, finishedAt }) => [id, finishedAt === null ? Number.POSITIVE_INFINITY : Date.parse(finishedAt)]))
  const spans = submissions.map(({ jobId, sentAtMs }) => ({
    jobId,
    fromMs: sentAtMs,
    untilMs: ends.get(jobId) ?? Number.POSITIVE_INFINITY,
  }))
  const met = spansMet(strikes, spans)
  const rows = Array.from(
    Map.groupBy(strikes, ({ fault }) => fault),
    ([fault, list]) =>
      rowOf(
        fault,
        list.map((strike) => ({ strike, affected: met.get(strike) ?? [] })),
        { lost: idsOf(lost), duplicated: idsOf(duplicated) },
      ),
  )
  return table(headings, rows)
}

/** Which jobs each strike met. One without an end is only among those of the first. */
function spansMet(strikes: readonly InflictedStrike[], spans: readonly Span[]): ReadonlyMap<InflictedStrike, readonly Span[]> {
  const inOrder = strikes.toSorted((a, b) => a.fromMs - b.fromMs)
  const pairs = spans.flatMap((span) => {
    const met = inOrder.filter((strike) => span.fromMs <= strike.untilMs && span.untilMs > strike.fromMs)
    return (Number.isFinite(span.untilMs) ? met : met.slice(0, 1)).map((strike) => ({ strike, span }))
  })
  const grouped = Map.groupBy(pairs, ({ strike }) => strike)
  return new Map(Array.from(grouped, ([strike, list]) => [strike, list.map(({ span }) => span)]))
}

interface Met {
  readonly strike: InflictedStrike
  readonly affected: readonly Span[]
}

interface Damage {
  readonly lost: ReadonlySet<string>
  readonly duplicated: ReadonlySet<string>
}

function rowOf(fault: FaultName, met: readonly Met[], { lost, duplicated }: Damage): string[] {
  const felt = met.filter(({ affected }) => affected.length > 0)
  const recoveries = felt.map(({ strike, affected }) => Math.max(...affected.map(({ untilMs }) => untilMs - strike.fromMs)))
  const sorted = recoveries.toSorted((a, b) => a - b)
  const middle = (sorted.length - 1) / 2
  const ids = new Set(met.flatMap(({ affected }) => affected.map(({ jobId }) => jobId)))
  const median = ((sorted[Math.floor(middle)] ?? 0) + (sorted[Math.ceil(middle)] ?? 0)) / 2
  return [
    ...[fault, String(met.length), String(ids.size), seconds(median), seconds(sorted.at(-1) ?? 0)],
    ...[lost, duplicated].map((of) => String([...ids].filter((id) => of.has(id)).length)),
  ]
}

function idsOf(list: readonly Finding[]): ReadonlySet<string> {
  return new Set(list.map(({ jobId }) => jobId))
}

function seconds(ms: number): string {
  return Number.isFinite(ms) ? `${(ms / 1_000).toFixed(1)} s` : "never"
}

/** What the run shows, in sentences. */
export function describeRun(
  { submissions, jobs, receipts, counters, heldUpMs }: Evidence,
  verdict: Verdict,
  paidTwice: PaidTwice,
): readonly string[] {
  const statuses = Array.from(
    Map.groupBy(jobs, ({ status }) => status),
    ([status, list]) => `${list.length} ${status}`,
  )
  const confirmed = submissions.filter(({ cancelConfirmedAtMs }) => cancelConfirmedAtMs !== null).length
  const { extra, inLedger, sameKey, acrossFault, unexplained } = paidTwice
  return [
    `${submissions.length} submissions accepted; the API lists ${jobs.length} jobs: ${statuses.toSorted().join(", ")}.`,
    `${confirmed} cancellations confirmed, after which ${verdict.ranAfterCancel.length} calls were made.`,
    `${submissions.filter(({ wantsWebhook }) => wantsWebhook).length} webhooks wanted, ${new Set(receipts.map(({ eventId }) => eventId)).size} events received in ${receipts.length} deliveries.`,
    `Providers were paid for ${extra} calls beyond one a job: ${inLedger} are in the job's own ledger as failed attempts, ${sameKey} were ` +
      `repeated at a fault under the same idempotency key, ${acrossFault} under another; ${unexplained.length} are unexplained.`,
    `Left in the queues: ${counters.inQueues}; calls counted as under way: ${counters.inFlight}; dead letters: ${counters.deadLetters}.`,
    ...(heldUpMs < notableMs ? [] : [`This machine was so busy that the suite itself stood still for ${seconds(heldUpMs)} at a time.`]),
    ...verdict.miscounted,
    ...findings("lost", verdict.lost),
    ...findings("duplicated", verdict.duplicated),
    ...findings("called after the cancellation", verdict.ranAfterCancel),
    ...findings("never told to their receiver", verdict.untold),
    ...findings("with a wrong end", verdict.wrong),
    ...findings(
      "paid twice for no reason",
      unexplained.map(({ jobId, idempotencyKey }) => ({ jobId, what: idempotencyKey })),
    ),
    `Lost ${verdict.lost.length}, duplicated ${verdict.duplicated.length}.`,
  ]
}

function findings(title: string, list: readonly Finding[]): string[] {
  if (list.length === 0) return []
  const shown = list.slice(0, maxFindingsShown).map(({ jobId, what }) => `  ${jobId} ${what}`)
  const rest = list.length > maxFindingsShown ? [`  and ${list.length - maxFindingsShown} more`] : []
  return [`${list.length} ${title}:`, ...shown, ...rest]
}
