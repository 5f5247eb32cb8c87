import { type AdmissionEndpoint, type BreakerRules, defaultTimeoutMs, type Endpoint } from "@sluice/core"

const defaultBreaker: Omit<BreakerRules, "slowCallMs"> = {
  windowMs: 30_000,
  minimumCalls: 20,
  failureRate: 0.5,
  slowCallRate: 0.8,
  thinFailures: 3,
  thinWindowMs: 60_000,
  openMs: 15_000,
  maxOpenMs: 120_000,
  probes: 3,
}
/** A call counts as slow when it takes more than this share of its time-out. */
const slowShareOfTimeout = 0.8

/** An endpoint as admission sees it, with all defaults filled in. */
export function admissionEndpointOf(endpoint: Endpoint): AdmissionEndpoint {
  const { name, provider, baseUrl, apiKey = "none", model, limits } = endpoint
  const isLimited = limits !== undefined && limits !== "off"
  return {
    name,
    limitGroup: endpoint.limitGroup ?? [provider, baseUrl, apiKey, model].join(" "),
    credential: [provider, baseUrl, apiKey].join(" "),
    priority: endpoint.priority ?? 0,
    weight: endpoint.weight ?? 1,
    requestsPerMinute: isLimited ? (limits.requestsPerMinute ?? null) : null,
    tokensPerMinute: isLimited ? (limits.tokensPerMinute ?? null) : null,
    concurrency: isLimited ? (limits.concurrency ?? null) : null,
    breaker: breakerOf(endpoint),
  }
}

function breakerOf({ breaker, timeoutMs = defaultTimeoutMs }: Endpoint): BreakerRules | null {
  if (breaker === "off") return null
  const own = breaker ?? {}
  return {
    windowMs: own.windowMs ?? defaultBreaker.windowMs,
    minimumCalls: own.minimumCalls ?? defaultBreaker.minimumCalls,
    failureRate: own.failureRate ?? defaultBreaker.failureRate,
    slowCallMs: own.slowCallMs ?? Math.round(timeoutMs * slowShareOfTimeout),
    slowCallRate: own.slowCallRate ?? defaultBreaker.slowCallRate,
    thinFailures: own.thinFailures ?? defaultBreaker.thinFailures,
    thinWindowMs: own.thinWindowMs ?? defaultBreaker.thinWindowMs,
    openMs: own.openMs ?? defaultBreaker.openMs,
    maxOpenMs: own.maxOpenMs ?? defaultBreaker.maxOpenMs,
    probes: own.probes ?? defaultBreaker.probes,
  }
}
