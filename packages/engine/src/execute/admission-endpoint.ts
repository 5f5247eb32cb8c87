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

/**
 * Admission's name of an endpoint. With a tenant's own key it is one of its own: its breaker, its calls in flight and what was learned
 * of it are that tenant's, so that nothing that happens to one tenant's key holds up another's.
 */
export function admissionNameOf({ name, tenantKey }: Pick<Endpoint, "name" | "tenantKey">): string {
  return tenantKey ? `${name}@${tenantKey.tenantId}` : name
}

/** The endpoint and the tenant that admission's name stands for; null: everybody's. Names in the configuration have no `@`. */
export function readAdmissionName(admissionName: string): { readonly endpoint: string; readonly tenantId: string | null } {
  const at = admissionName.indexOf("@")
  return at === -1
    ? { endpoint: admissionName, tenantId: null }
    : { endpoint: admissionName.slice(0, at), tenantId: admissionName.slice(at + 1) }
}

/** Whether admission's name of a credential is that of a tenant's own key. */
export function isTenantsKey(credential: string): boolean {
  return credential.includes(` ${tenantPrefix}`)
}

const tenantPrefix = "tenant:"

/** An endpoint as admission sees it, with all defaults filled in. */
export function admissionEndpointOf(endpoint: Endpoint): AdmissionEndpoint {
  const { provider, baseUrl, model, limits } = endpoint
  const { account, credential } = credentialOf(endpoint)
  const isLimited = limits !== undefined && limits !== "off"
  return {
    name: admissionNameOf(endpoint),
    limitGroup: limitGroupOf(endpoint, [provider, baseUrl, account, model].join(" ")),
    credential: [provider, baseUrl, credential].join(" "),
    priority: endpoint.priority ?? 0,
    weight: endpoint.weight ?? 1,
    requestsPerMinute: isLimited ? (limits.requestsPerMinute ?? null) : null,
    tokensPerMinute: isLimited ? (limits.tokensPerMinute ?? null) : null,
    concurrency: isLimited ? (limits.concurrency ?? null) : null,
    breaker: breakerOf(endpoint),
  }
}

/** Who pays, and with which key. A key that replaces another is not disabled because that one was. */
function credentialOf({ apiKey = "none", tenantKey }: Endpoint): { readonly account: string; readonly credential: string } {
  if (!tenantKey) return { account: apiKey, credential: apiKey }
  const account = `${tenantPrefix}${tenantKey.tenantId}:${tenantKey.name}`
  return { account, credential: `${account}:${tenantKey.revision}` }
}

/** Endpoints that share an allowance of the platform's share none of a tenant's with it: each tenant has such a group of its own. */
function limitGroupOf({ limitGroup, tenantKey }: Endpoint, derived: string): string {
  if (limitGroup === undefined) return derived
  return tenantKey ? `${limitGroup}@${tenantKey.tenantId}` : limitGroup
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
