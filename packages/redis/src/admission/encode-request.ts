import type { AdmissionEndpoint, AdmitRequest, SettleRequest } from "@sluice/core"

/** For the scripts, where a key that is not there means the same as null. `nowMs` stands in for the server's clock. */
interface Encoding {
  readonly nowMs: number | undefined
}

type Json = string | number | boolean | undefined | readonly Json[] | { readonly [key: string]: Json }

export function encode(request: { readonly [key: string]: Json }, { nowMs }: Encoding): string {
  return JSON.stringify({ ...request, now: nowMs })
}

export function encodeAdmit(request: AdmitRequest, encoding: Encoding & { readonly draws: readonly [number, number] }): string {
  const { lease, route, tokens, leaseMs, maxWaitMs, refusals, affinity, isRetry, priority, version } = request
  return JSON.stringify({
    lease,
    route,
    tokens,
    leaseMs,
    maxWaitMs,
    refusals,
    affinity: affinity ?? undefined,
    isRetry: isRetry || undefined,
    priority,
    version,
    draws: encoding.draws,
    now: encoding.nowMs,
  })
}

function limitsOf({ requestsPerMinute, tokensPerMinute, concurrency }: AdmissionEndpoint) {
  return {
    requestsPerMinute: requestsPerMinute ?? undefined,
    tokensPerMinute: tokensPerMinute ?? undefined,
    concurrency: concurrency ?? undefined,
  }
}

/** What `admit` has to know of the endpoints. */
export function encodePool(endpoints: readonly AdmissionEndpoint[]): string {
  return JSON.stringify(
    endpoints.map((endpoint) => ({
      name: endpoint.name,
      limitGroup: endpoint.limitGroup,
      credential: endpoint.credential,
      priority: endpoint.priority,
      weight: endpoint.weight,
      ...limitsOf(endpoint),
      probes: endpoint.breaker?.probes,
    })),
  )
}

type ReportedWindow = NonNullable<NonNullable<SettleRequest["reported"]>["requests"]>

function windowOf(window: ReportedWindow | null | undefined) {
  if (!window) return undefined
  return { limit: window.limit ?? undefined, remaining: window.remaining ?? undefined, resetMs: window.resetMs ?? undefined }
}

export function encodeSettle(request: SettleRequest, { nowMs }: Encoding): string {
  const { lease, route, pool, generation, outcome, latencyMs, tokensReserved, tokensUsed, throttled, reported, version } = request
  return JSON.stringify({
    lease,
    route,
    pool,
    generation,
    outcome,
    latencyMs,
    tokensReserved,
    tokensUsed: tokensUsed ?? undefined,
    throttled: throttled || undefined,
    retryAfterMs: request.retryAfterMs ?? undefined,
    requests: windowOf(reported?.requests),
    tokens: windowOf(reported?.tokens),
    disable: request.disable ?? undefined,
    version,
    now: nowMs,
  })
}

/** What `settle` has to know of the endpoint. */
export function encodeEndpoint(endpoint: AdmissionEndpoint): string {
  const { name, limitGroup, credential, breaker } = endpoint
  const rules = breaker && { ...breaker, slowCallMs: breaker.slowCallMs ?? undefined }
  return JSON.stringify({ name, limitGroup, credential, ...limitsOf(endpoint), breaker: rules ?? undefined })
}
