import { type Endpoint, traitsOf } from "@sluice/core"
import { type AskDependencies, admittedCallOf, recordCall } from "../execute/ask-endpoint.ts"
import { type AdmittedCall, type AdmittedOutcome, callAdmitted } from "../execute/call-admitted.ts"
import type { BookedTokens } from "./booked-tokens.ts"
import { type Batch, callTogether } from "./call-together.ts"
import { plus } from "./collector.ts"
import { type Seat, whenAllAreGone } from "./seat.ts"
import { shareOut } from "./share-out.ts"

export interface TogetherDependencies extends AskDependencies {
  readonly newBatchCallId: () => string
  readonly booked: BookedTokens
}

/**
 * Makes one call for all that are seated, admitted as one request with the sum of their tokens. When the input of a shared call
 * is refused it is divided, until each who is refused is refused alone. Resolves when every seat has its outcome.
 */
export async function askTogether(dependencies: TogetherDependencies, seats: readonly Seat[], pool: readonly Endpoint[]): Promise<void> {
  const present = seats.filter(({ gone }) => !gone.aborted)
  const leader = leaderOf(present)
  if (!leader) return
  const batch: Batch = {
    seats: present,
    tier: leader.request.tier,
    batchCallId: present.length > 1 ? dependencies.newBatchCallId() : null,
    signal: whenAllAreGone(present),
  }
  const request = admittedCallFor(dependencies, batch, { leader, pool })
  const admitted = await callAdmitted(dependencies, request, (endpoint) => callTogether(dependencies, batch, endpoint))
  if (admitted.kind === "booked") dependencies.booked.note(request.lease, request.tokens)
  else dependencies.booked.forget(request.lease)
  if (admitted.kind !== "called") return concludeAll(present, admitted)
  conclude(dependencies, batch, admitted)
  const open = present.filter(({ gone }) => !gone.aborted)
  const middle = Math.ceil(open.length / 2)
  const halves = [open.slice(0, middle), open.slice(middle)]
  await Promise.all(halves.map((half) => askTogether(dependencies, half, [admitted.endpoint])))
}

/** Who has waited longest: so a set of jobs that booked a start comes back under the same lease, whoever joins it. */
function leaderOf(seats: readonly Seat[]): Seat | undefined {
  const refusalsOf = ({ request }: Seat) => request.execution.job.waiting?.refusals ?? 0
  const idOf = ({ request }: Seat) => request.execution.job.id
  return seats.toSorted((a, b) => refusalsOf(b) - refusalsOf(a) || (idOf(a) < idOf(b) ? -1 : 1))[0]
}

function admittedCallFor(
  { booked }: TogetherDependencies,
  { seats, signal }: Batch,
  { leader, pool }: { readonly leader: Seat; readonly pool: readonly Endpoint[] },
): AdmittedCall {
  const { tokens } = seats.map(({ size }) => size).reduce(plus)
  const works = seats.map(({ request }) => request.execution.job.work)
  const request = admittedCallOf({ ...leader.request, pool }, tokens, works)
  return { ...request, signal, isRetry: leader.isRetry, tokens: booked.of(request.lease, tokens) }
}

function concludeAll(seats: readonly Seat[], outcome: Exclude<AdmittedOutcome, { kind: "called" }>): void {
  for (const seat of seats) seat.conclude(outcome)
}

/** Writes the call into every ledger. Seats stay open when the call was refused for what may be another's input. */
function conclude(dependencies: TogetherDependencies, batch: Batch, called: Extract<AdmittedOutcome, { kind: "called" }>): void {
  const { seats, batchCallId } = batch
  const { outcome } = called
  const isAnothers = batchCallId !== null && outcome.kind === "failed" && !traitsOf(outcome.error.type).retryable
  const parts = seats.map(({ size }) => size)
  for (const [index, shared] of shareOut({ outcome, parts, batchCallId }).entries()) {
    const seat = seats[index]
    if (!seat || seat.gone.aborted) continue
    const { execution } = seat.request
    const attempt = { ...shared.attempt, run: execution.job.run, number: execution.job.attemptCount + execution.made.length + 1 }
    const recorded = recordCall(dependencies, { ...called, execution, outcome: { ...shared, attempt }, work: execution.job.work })
    if (!isAnothers) seat.conclude(recorded)
  }
}
