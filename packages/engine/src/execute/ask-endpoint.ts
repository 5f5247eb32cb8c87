import { setTimeout as sleep } from "node:timers/promises"
import {
  type Admission,
  type AdmitOutcome,
  type Attempt,
  type Endpoint,
  type ProviderAnswer,
  type ProviderError,
  QueueUnavailableError,
  type SettleRequest,
  type Work,
} from "@sluice/core"
import type { SchemaVerdict } from "../structure/check-structure.ts"
import { admissionEndpointOf } from "./admission-endpoint.ts"
import { type CallDependencies, type CallOutcome, callEndpoint, type RejectedAnswer } from "./call-endpoint.ts"
import type { ProviderTier } from "./candidates.ts"
import { estimateInputTokens } from "./estimate-tokens.ts"
import { attemptsOfRun, type Execution, nextNumber } from "./execution.ts"
import type { ExecutionObserver } from "./execution-observer.ts"
import type { LeaseKeeper } from "./lease-keeper.ts"
import { preferredEndpoint } from "./preferred-endpoint.ts"
import { settlementOf } from "./settlement.ts"

export interface AskDependencies extends CallDependencies {
  readonly admission: Admission
  readonly leases: LeaseKeeper
  readonly observer: ExecutionObserver
}

export interface AskRequest {
  readonly execution: Execution
  readonly tier: ProviderTier
  /** Admission chooses one of them. */
  readonly pool: readonly Endpoint[]
  /** Instead of the job's own, to have an answer repaired. */
  readonly work?: Work
}

type Refused = Extract<AdmitOutcome, { kind: "refused" }>

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
  | Extract<AdmitOutcome, { kind: "booked" }>
  | Refused

/** A start this near is waited for in place; for a later one the job gives up its slot. */
const maxWaitMs = 2_000
/** Reserved for the answer when the caller sets no limit. Corrected when the call has ended. */
const assumedOutputTokens = 500
/** While admission cannot be asked, nobody is called: this soon it is tried again. */
const admissionAwayMs = 1_000

/** Asks one endpoint of the pool: admission chooses it and says when; what came of it is settled before this returns. */
export async function askEndpoint(dependencies: AskDependencies, request: AskRequest): Promise<AskOutcome> {
  const { execution, pool, tier } = request
  const { job, catalog, signal } = execution
  const number = nextNumber(execution)
  const lease = `${job.id}-${job.run}-${number}`
  const tokens = reservedTokens(execution)
  const admitted = await admit(dependencies, request, { lease, tokens })
  if (admitted.kind !== "admitted") return admitted
  const endpoint = pool.find(({ name }) => name === admitted.endpoint)
  if (!endpoint) throw new Error(`Admission chose ${admitted.endpoint}, which is not in the pool`)

  const admissionEndpoint = admissionEndpointOf(endpoint)
  await sleep(admitted.startInMs, undefined, { signal }).catch(() => undefined)
  if (signal.aborted) {
    await dependencies.admission
      .release({ lease, route: job.route, endpoint: admissionEndpoint, tokensReserved: tokens })
      .catch(dependencies.observer.admissionFailed)
    return { kind: "interrupted" }
  }
  const stopKeeping = dependencies.leases.keep({ lease, route: job.route, endpoint: endpoint.name })
  const outcome = await callEndpoint(dependencies, {
    job: { ...job, work: request.work ?? job.work },
    tier: tier.name,
    endpoint,
    number,
    signal,
  }).finally(stopKeeping)
  const settlement = settlementOf({ outcome, endpoint, tokens })
  const healthy = await settle(dependencies, {
    ...settlement,
    lease,
    route: job.route,
    endpoint: admissionEndpoint,
    pool: tier.endpoints,
    generation: admitted.generation,
    version: catalog.version,
  })
  return finished(dependencies, { execution, endpoint, outcome, healthy })
}

async function admit(
  { admission, leases, observer }: AskDependencies,
  { execution, pool }: AskRequest,
  { lease, tokens }: { lease: string; tokens: number },
): Promise<AdmitOutcome> {
  const { job, catalog } = execution
  try {
    return await admission.admit({
      lease,
      route: job.route,
      endpoints: pool.map(admissionEndpointOf),
      tokens,
      leaseMs: leases.leaseMs,
      maxWaitMs,
      refusals: job.waiting?.refusals ?? 0,
      affinity: preferredEndpoint(job.options.affinityKey, pool),
      isRetry: attemptsOfRun(execution).length > 0,
      priority: job.options.priority,
      version: catalog.version,
    })
  } catch (error) {
    if (!(error instanceof QueueUnavailableError)) throw error
    observer.admissionFailed(error)
    return { kind: "refused", reason: "retry_backoff", endpoint: null, retryInMs: admissionAwayMs, unavailableSinceMs: null }
  }
}

/** Whether the endpoint is well otherwise, so that a failure is the job's own. Unknown counts as yes: retries stay bounded. */
async function settle({ admission, observer }: AskDependencies, request: SettleRequest): Promise<boolean> {
  try {
    return (await admission.settle(request)).healthy
  } catch (error) {
    // The lease runs out by itself, and the reservation stands.
    observer.admissionFailed(error)
    return true
  }
}

interface Finished {
  readonly execution: Execution
  readonly endpoint: Endpoint
  readonly outcome: CallOutcome
  readonly healthy: boolean
}

/** Writes the call into the ledger. A failure is charged only if it is the job's own misfortune. */
function finished({ observer }: AskDependencies, { execution, endpoint, outcome, healthy }: Finished): AskOutcome {
  const attempt = { ...outcome.attempt, charged: outcome.attempt.charged && healthy }
  observer.attemptEnded({ job: execution.job, attempt, error: outcome.kind === "failed" ? outcome.error : null })
  if (outcome.kind === "aborted") return { kind: "interrupted" }
  execution.made.push(attempt)
  return outcome.kind === "failed" ? { ...outcome, attempt, endpoint } : { ...outcome, attempt }
}

function reservedTokens({ job }: Execution): number {
  const output = job.work.kind === "chat" ? (job.work.input.maxOutputTokens ?? assumedOutputTokens) : 0
  return estimateInputTokens(job.work) + output
}
