import { setTimeout as sleep } from "node:timers/promises"
import {
  type Admission,
  type AdmitOutcome,
  type AdmitRequest,
  type Attempt,
  type Endpoint,
  QueueUnavailableError,
  type SettleRequest,
  type Tracer,
} from "@sluice/core"
import type { BudgetedCall, BudgetRefusal, Budgets, Spending } from "../budget/budgets.ts"
import { admissionEndpointOf, admissionNameOf } from "./admission-endpoint.ts"
import type { CallOutcome } from "./call-endpoint.ts"
import type { ExecutionObserver } from "./execution-observer.ts"
import type { LeaseKeeper } from "./lease-keeper.ts"
import { settlementOf } from "./settlement.ts"

export interface AdmittedDependencies {
  readonly admission: Admission
  readonly leases: LeaseKeeper
  readonly budgets: Budgets
  readonly observer: ExecutionObserver
  readonly tracer: Tracer
}

type Asked = Pick<AdmitRequest, "lease" | "route" | "tokens" | "refusals" | "affinity" | "isRetry" | "priority" | "version">

/** A call that has to be admitted first, for one job or for several. */
export interface AdmittedCall extends Asked {
  /** Admission's names of all endpoints of the tier. */
  readonly peers: readonly string[]
  /** Admission chooses one of them. */
  readonly pool: readonly Endpoint[]
  /** On whose budget it goes. */
  readonly budgeted: BudgetedCall
  readonly signal: AbortSignal
}

export type NotAdmitted = Extract<AdmitOutcome, { kind: "booked" | "refused" }> | BudgetRefusal

export type AdmittedOutcome =
  | {
      readonly kind: "called"
      readonly endpoint: Endpoint
      readonly outcome: CallOutcome
      /** Whether the endpoint is well otherwise, so that a failure is the job's own. */
      readonly healthy: boolean
    }
  /** The signal ended the wait for the start. */
  | { readonly kind: "interrupted" }
  | NotAdmitted

/** A start this near is waited for in place; for a later one the job gives up its slot. */
const maxWaitMs = 2_000
/** While admission cannot be asked, nobody is called: this soon it is tried again. */
const admissionAwayMs = 1_000

/** Calls one endpoint of the pool: admission chooses it and says when; what came of it is settled before this returns. */
export async function callAdmitted(
  dependencies: AdmittedDependencies,
  request: AdmittedCall,
  call: (endpoint: Endpoint) => Promise<CallOutcome>,
): Promise<AdmittedOutcome> {
  const { lease, route, pool, peers, tokens, budgeted, signal, version } = request
  const hopeless = dependencies.budgets.refusalOf(budgeted, pool)
  if (hopeless) return hopeless
  const admitted = await admit(dependencies, request)
  if (admitted.kind === "booked") return { ...admitted, endpoint: nameIn(pool, admitted.endpoint) }
  if (admitted.kind === "refused") return { ...admitted, endpoint: admitted.endpoint === null ? null : nameIn(pool, admitted.endpoint) }
  const endpoint = pool.find((member) => admissionNameOf(member) === admitted.endpoint)
  if (!endpoint) throw new Error(`Admission chose ${admitted.endpoint}, which is not in the pool`)

  const place = { lease, route, endpoint: admissionEndpointOf(endpoint) }
  await sleep(admitted.startInMs, undefined, { signal }).catch(() => undefined)
  // Reserved as late as this, so that it counts for the day on which the call is made.
  const spending = signal.aborted ? null : await dependencies.budgets.reserve(budgeted, endpoint)
  if (spending?.kind !== "reserved") {
    await dependencies.admission.release({ ...place, tokensReserved: tokens }).catch(dependencies.observer.admissionFailed)
    return spending ?? { kind: "interrupted" }
  }
  const stopKeeping = dependencies.leases.keep({ lease, route, endpoint: place.endpoint.name })
  const outcome = await callOnBudget(spending, () => call(endpoint)).finally(stopKeeping)
  const settlement = settlementOf({ outcome, endpoint, tokens })
  const healthy = await settle(dependencies, {
    ...settlement,
    ...place,
    pool: peers,
    generation: admitted.generation,
    version,
  })
  return { kind: "called", endpoint, outcome, healthy }
}

async function callOnBudget(spending: Spending, call: () => Promise<CallOutcome>): Promise<CallOutcome> {
  let attempt: Attempt | null = null
  try {
    const outcome = await call()
    attempt = outcome.attempt
    return outcome
  } finally {
    await spending.settle(attempt)
  }
}

/** The endpoint's own name, for who waits for it. */
function nameIn(pool: readonly Endpoint[], admissionName: string): string {
  return pool.find((endpoint) => admissionNameOf(endpoint) === admissionName)?.name ?? admissionName
}

async function admit(
  { admission, leases, observer }: AdmittedDependencies,
  { pool, peers: _peers, signal: _signal, budgeted: _budgeted, ...asked }: AdmittedCall,
): Promise<AdmitOutcome> {
  try {
    const preferred = pool.find(({ name }) => name === asked.affinity)
    const affinity = preferred ? admissionNameOf(preferred) : null
    return await admission.admit({ ...asked, affinity, endpoints: pool.map(admissionEndpointOf), leaseMs: leases.leaseMs, maxWaitMs })
  } catch (error) {
    if (!(error instanceof QueueUnavailableError)) throw error
    observer.admissionFailed(error)
    return { kind: "refused", reason: "retry_backoff", endpoint: null, retryInMs: admissionAwayMs, unavailableSinceMs: null }
  }
}

/** Unknown counts as healthy: retries stay bounded. */
async function settle({ admission, observer }: AdmittedDependencies, request: SettleRequest): Promise<boolean> {
  try {
    return (await admission.settle(request)).healthy
  } catch (error) {
    // The lease runs out by itself, and the reservation stands.
    observer.admissionFailed(error)
    return true
  }
}
