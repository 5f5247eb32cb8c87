import type { Attempt, Endpoint, ProviderAnswer, ProviderError, Work } from "@sluice/core"
import type { SchemaVerdict } from "../structure/check-structure.ts"
import { traceAttempt } from "../trace/trace-attempt.ts"
import { admissionNameOf } from "./admission-endpoint.ts"
import { asksForStream } from "./asks-for-stream.ts"
import { type AdmittedCall, type AdmittedDependencies, callAdmitted, type NotAdmitted } from "./call-admitted.ts"
import { type CallDependencies, type CallListener, type CallOutcome, callEndpoint, type RejectedAnswer } from "./call-endpoint.ts"
import type { ProviderTier } from "./candidates.ts"
import { estimateInputTokens } from "./estimate-tokens.ts"
import { attemptsOfRun, type Execution, nextNumber } from "./execution.ts"
import { preferredEndpoint } from "./preferred-endpoint.ts"

export type AskDependencies = CallDependencies & AdmittedDependencies

export interface AskRequest {
  readonly execution: Execution
  readonly tier: ProviderTier
  /** Admission chooses one of them. */
  readonly pool: readonly Endpoint[]
  /** Instead of the job's own, to have an answer repaired. */
  readonly work?: Work
}

export type AskOutcome =
  | { readonly kind: "answered"; readonly attempt: Attempt; readonly answer: ProviderAnswer; readonly verdict: SchemaVerdict }
  | {
      readonly kind: "failed"
      readonly endpoint: Endpoint
      readonly attempt: Attempt
      readonly error: ProviderError
      readonly rejected: RejectedAnswer | null
    }
  | { readonly kind: "out_of_time"; readonly attempt: Attempt }
  /** The signal ended it. */
  | { readonly kind: "interrupted" }
  | NotAdmitted

export type Ask = (request: AskRequest) => Promise<AskOutcome>

/** Reserved for the answer when the caller sets no limit. Corrected when the call has ended. */
const assumedOutputTokens = 500

/** Asks one endpoint of the pool for one job, and writes the call into its ledger. */
export async function askEndpoint(dependencies: AskDependencies, request: AskRequest): Promise<AskOutcome> {
  const { execution, tier } = request
  const { job, signal } = execution
  const number = nextNumber(execution)
  const subject = { ...job, work: request.work ?? job.work }
  const called = await callAdmitted(dependencies, admittedCallOf(request, reservedTokens(execution), [subject.work]), (endpoint) => {
    const listener = listenerOf(dependencies, { execution, endpoint, number })
    return callEndpoint(dependencies, { job: subject, tier: tier.name, endpoint, number, signal, listener })
  })
  return called.kind === "called" ? recordCall(dependencies, { ...called, execution, work: subject.work }) : called
}

interface BegunCall {
  readonly execution: Execution
  readonly endpoint: Endpoint
  readonly number: number
}

function listenerOf({ observer, clock }: AskDependencies, { execution, endpoint, number }: BegunCall): CallListener {
  const { live } = execution
  if (!asksForStream(execution, endpoint)) return { attemptStarted: live.attemptStarted }
  const begunAt = clock().getTime()
  let isFirst = true
  return {
    attemptStarted: live.attemptStarted,
    wrote(piece) {
      if (isFirst) observer.firstPieceCame({ endpoint, afterMs: clock().getTime() - begunAt })
      isFirst = false
      live.wrote(number, piece)
    },
  }
}

/** What admission is asked for a job's next call; `works` are those that it is made for. */
export function admittedCallOf({ execution, tier, pool }: AskRequest, tokens: number, works: readonly Work[]): AdmittedCall {
  const { job, catalog, signal } = execution
  const lease = `${job.id}-${job.run}-${nextNumber(execution)}`
  const refusedByBudget = job.waiting?.reason === "budget" ? job.waiting.refusals : 0
  return {
    lease,
    budgeted: { tenantId: job.tenantId, call: lease, works, refusals: refusedByBudget },
    route: job.route,
    peers: tier.endpoints.map((name) => admissionNameOf(catalog.endpoints.get(name) ?? { name })),
    pool,
    tokens,
    refusals: job.waiting?.refusals ?? 0,
    affinity: preferredEndpoint(job.options.affinityKey, pool),
    isRetry: attemptsOfRun(execution).length > 0,
    priority: job.options.priority,
    version: catalog.version,
    signal,
  }
}

interface EndedCall {
  readonly execution: Execution
  readonly endpoint: Endpoint
  readonly outcome: CallOutcome
  readonly healthy: boolean
  /** What this job asked. */
  readonly work: Work
}

/** Writes the call into the ledger. A failure is charged only if it is the job's own misfortune. */
export function recordCall({ observer, tracer }: AdmittedDependencies, ended: EndedCall): AskOutcome {
  const { execution, endpoint, outcome, healthy, work } = ended
  const attempt = { ...outcome.attempt, charged: outcome.attempt.charged && healthy }
  traceAttempt(tracer, { parent: execution.span, attempt, endpoint, outcome, work })
  observer.attemptEnded({ job: execution.job, attempt, error: outcome.kind === "failed" ? outcome.error : null })
  if (outcome.kind === "aborted") return { kind: "interrupted" }
  execution.made.push(attempt)
  execution.live.attemptEnded(attempt)
  return outcome.kind === "failed" ? { ...outcome, attempt, endpoint } : { ...outcome, attempt }
}

function reservedTokens({ job }: Execution): number {
  const output = job.work.kind === "chat" ? (job.work.input.maxOutputTokens ?? assumedOutputTokens) : 0
  return estimateInputTokens(job.work) + output
}
