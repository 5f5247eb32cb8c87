import type { Endpoint, EndpointResource, EndpointState } from "@sluice/core"

/** An endpoint of the configuration with what admission says of it. */
export function presentEndpoint(endpoint: Endpoint, state: EndpointState): EndpointResource {
  const { name, provider, model, region } = endpoint
  const { breaker, forced, openUntil, trips, history, calls, failures, slow, successRate, disabled } = state
  return {
    name,
    object: "endpoint",
    provider,
    model,
    region: region ?? null,
    breaker: {
      state: breaker,
      forced,
      openUntil: openUntil?.toISOString() ?? null,
      trips,
      history: history.map(presentChange),
    },
    calls: { total: calls, failed: failures, slow, successRate },
    latencyMs: state.latencyMs,
    inFlight: state.inFlight,
    concurrencyCap: state.concurrencyCap,
    requestsPerMinute: state.requestsPerMinute,
    tokensPerMinute: state.tokensPerMinute,
    pausedUntil: state.pausedUntil?.toISOString() ?? null,
    disabled: disabled && { reason: disabled.reason, since: disabled.since.toISOString(), until: disabled.until.toISOString() },
  }
}

function presentChange({ at, state, by, decidedOn }: EndpointState["history"][number]): EndpointResource["breaker"]["history"][number] {
  const calls = decidedOn && { total: decidedOn.calls, failed: decidedOn.failures, slow: decidedOn.slow }
  return { at: at.toISOString(), state, by, calls }
}
