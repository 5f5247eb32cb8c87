import { defaultTimeoutMs, type Endpoint, type Work } from "@sluice/core"
import { attemptOf, type CallOutcome, type CallSubject, callEndpoint } from "../execute/call-endpoint.ts"
import type { ProviderTier } from "../execute/candidates.ts"
import { nextNumber } from "../execute/execution.ts"
import type { TogetherDependencies } from "./ask-together.ts"
import type { Seat } from "./seat.ts"

/** Seats that travel in one call. */
export interface Batch {
  readonly seats: readonly Seat[]
  readonly tier: ProviderTier
  /** Null: there is only one. */
  readonly batchCallId: string | null
  /** Aborted when nobody is left. */
  readonly signal: AbortSignal
}

/** Makes the call. It goes on while there is time for one of them; whose time is over leaves. */
export async function callTogether(dependencies: TogetherDependencies, batch: Batch, endpoint: Endpoint): Promise<CallOutcome> {
  const { seats, tier, signal } = batch
  const [first] = seats
  if (!first) throw new Error("A batch has no seats")
  const stopWatching = watchDeadlines(dependencies, batch, endpoint)
  const now = dependencies.clock()
  dependencies.observer.batchSent({
    route: first.request.execution.job.route,
    endpoint: endpoint.name,
    jobs: seats.length,
    texts: seats.reduce((sum, { size }) => sum + size.texts, 0),
    waitMs: Math.max(...seats.map(({ joinedAt }) => now.getTime() - joinedAt.getTime())),
  })
  const call = { job: subjectOf(batch, first), tier: tier.name, endpoint, number: nextNumber(first.request.execution), signal }
  return await callEndpoint(dependencies, call).finally(stopWatching)
}

function subjectOf({ seats, batchCallId }: Batch, first: Seat): CallSubject {
  const { job } = first.request.execution
  if (batchCallId === null) return job
  const work: Work = { kind: "embedding", input: { ...first.input, texts: seats.flatMap(({ input }) => input.texts) } }
  const deadlines = seats.map(({ request }) => request.execution.job.deadline.getTime())
  return { id: batchCallId, run: 1, tenantId: first.request.execution.job.tenantId, work, deadline: new Date(Math.max(...deadlines)) }
}

/** Lets each go whose deadline comes before the endpoint's time is over. Returns what ends the watching. */
function watchDeadlines(dependencies: TogetherDependencies, batch: Batch, endpoint: Endpoint): () => void {
  const startedAt = dependencies.clock()
  const timers = batch.seats.flatMap((seat) => {
    const remainingMs = seat.request.execution.job.deadline.getTime() - startedAt.getTime()
    if (batch.batchCallId === null || remainingMs >= (endpoint.timeoutMs ?? defaultTimeoutMs)) return []
    return setTimeout(() => expire(dependencies, { batch, seat, endpoint, startedAt }), remainingMs)
  })
  return () => timers.forEach(clearTimeout)
}

interface Expiring {
  readonly batch: Batch
  readonly seat: Seat
  readonly endpoint: Endpoint
  readonly startedAt: Date
}

function expire({ clock, observer }: TogetherDependencies, { batch, seat, endpoint, startedAt }: Expiring): void {
  if (seat.gone.aborted) return
  const { execution } = seat.request
  const begun = attemptOf({ job: execution.job, tier: batch.tier.name, endpoint, number: nextNumber(execution) }, startedAt)
  const durationMs = Math.max(0, clock().getTime() - startedAt.getTime())
  const attempt = { ...begun, durationMs, outcome: "cancelled", batchCallId: batch.batchCallId } as const
  execution.made.push(attempt)
  observer.attemptEnded({ job: execution.job, attempt, error: null })
  seat.conclude({ kind: "out_of_time", attempt })
}
