import type { AdmissionEndpoint, AdmitRequest, BreakerRules, SettleRequest } from "@sluice/core"

export const rules: BreakerRules = {
  windowMs: 30_000,
  minimumCalls: 20,
  failureRate: 0.5,
  slowCallMs: 10_000,
  slowCallRate: 0.8,
  thinFailures: 3,
  thinWindowMs: 60_000,
  openMs: 15_000,
  maxOpenMs: 120_000,
  probes: 2,
}

export function sampleEndpoint(overrides: Partial<AdmissionEndpoint> = {}): AdmissionEndpoint {
  const name = overrides.name ?? "a"
  return {
    name,
    limitGroup: `openai https://${name}.example/v1 env:KEY gpt`,
    credential: `openai https://${name}.example/v1 env:KEY`,
    priority: 0,
    weight: 1,
    requestsPerMinute: null,
    tokensPerMinute: null,
    concurrency: null,
    breaker: rules,
    ...overrides,
  }
}

let leases = 0

export function sampleAdmit(overrides: Partial<AdmitRequest> = {}): AdmitRequest {
  leases += 1
  return {
    lease: `lease-${leases}`,
    route: "chat",
    endpoints: [sampleEndpoint()],
    tokens: 100,
    leaseMs: 60_000,
    maxWaitMs: 2_000,
    refusals: 0,
    affinity: null,
    isRetry: false,
    priority: "standard",
    version: 1,
    ...overrides,
  }
}

export function sampleSettle(overrides: Partial<SettleRequest> & Pick<SettleRequest, "lease">): SettleRequest {
  const endpoint = overrides.endpoint ?? sampleEndpoint()
  return {
    route: "chat",
    endpoint,
    pool: [endpoint.name],
    generation: "0",
    outcome: "success",
    latencyMs: 500,
    tokensReserved: 100,
    tokensUsed: null,
    throttled: false,
    retryAfterMs: null,
    reported: null,
    disable: null,
    version: 1,
    ...overrides,
  }
}
