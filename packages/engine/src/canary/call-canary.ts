import { type Admission, type Clock, type Endpoint, newJobId, type RefusalReason, type TierName, type Work } from "@sluice/core"
import { admissionEndpointOf } from "../execute/admission-endpoint.ts"
import { type CallDependencies, type CallOutcome, callEndpoint } from "../execute/call-endpoint.ts"
import { settlementOf } from "../execute/settlement.ts"

export interface CanaryCallDependencies extends CallDependencies {
  readonly admission: Admission
  readonly clock: Clock
  /** Aborted when the process shuts down. */
  readonly signal: AbortSignal
}

export interface CanaryCall {
  readonly endpoint: Endpoint
  readonly route: string
  readonly tier: { readonly name: TierName; readonly endpoints: readonly string[] }
  readonly work: Work
  readonly timeoutMs: number
  /** Of the configuration. */
  readonly version: number
}

export type CanaryCallOutcome =
  | { readonly kind: "called"; readonly outcome: CallOutcome }
  /** Booked for later counts as one too: nobody waits for a canary. */
  | { readonly kind: "refused"; readonly reason: RefusalReason | "booked" }

const tokens = 50

/**
 * Asks an endpoint something small that is no job's. Admission lets it through and counts what comes of it like any call: it waits
 * for no allowance, goes to nobody who is out of use, and its failures count for the breaker.
 */
export async function callCanary(dependencies: CanaryCallDependencies, call: CanaryCall): Promise<CanaryCallOutcome> {
  const { admission, clock, signal } = dependencies
  const { endpoint, route, tier, work, timeoutMs, version } = call
  const at = clock()
  const id = newJobId({ at })
  const lease = `probe-${id}`
  const admissionEndpoint = admissionEndpointOf(endpoint)
  const admitted = await admission.admit({
    ...{ lease, route, endpoints: [admissionEndpoint], tokens, leaseMs: timeoutMs * 2, maxWaitMs: 0 },
    ...{ refusals: 0, affinity: null, isRetry: false, priority: "bulk", version },
  })
  if (admitted.kind === "refused") return { kind: "refused", reason: admitted.reason }
  if (admitted.kind === "booked") {
    await admission.release({ lease, route, endpoint: admissionEndpoint, tokensReserved: tokens })
    return { kind: "refused", reason: "booked" }
  }
  const job = { id, run: 1, tenantId: null, work, deadline: new Date(at.getTime() + timeoutMs) }
  const outcome = await callEndpoint(dependencies, { job, tier: tier.name, endpoint, number: 1, signal })
  // Running out of the canary's own time is the endpoint's failure here: a job's deadline has no part in it.
  const health = outcome.kind === "out_of_time" ? { outcome: "failure" as const } : {}
  await admission.settle({
    ...settlementOf({ outcome, endpoint, tokens }),
    ...health,
    ...{ lease, route, endpoint: admissionEndpoint, pool: tier.endpoints, generation: admitted.generation, version },
  })
  return { kind: "called", outcome }
}
