import { closeBreaker, openBreaker } from "../breaker/breaker.ts"
import { defaultWindows } from "../breaker/breaker-rules.ts"
import { countCalls } from "../breaker/call-window.ts"
import type { DisabledCredential } from "../credential/credential.ts"
import type { Group } from "../limiter/group.ts"
import { knownPerMinute, usablePerMinute } from "../limiter/limits.ts"
import { slidingSum } from "../limiter/recent-count.ts"
import { capOf } from "./availability.ts"
import { type EndpointRecord, keepHistory, liveLeases, type Records, setBreaker } from "./records.ts"
import { shownBreaker } from "./settle.ts"
import type { ModelEndpoint, ModelEndpointState } from "./types.ts"

export interface ForceRequest {
  readonly endpoint: string
  readonly state: "open" | "closed" | "auto"
  readonly by: string
}

/** An operator's word over the breaker's. Given back, an open one lets probes through at once. */
export function force(records: Records, { endpoint, state, by }: ForceRequest, nowMs: number): void {
  const record = records.endpoint(endpoint)
  record.forced = state === "auto" ? null : state
  if (state === "auto") {
    keepHistory(record, { by, nowMs, decidedOn: null })
    return
  }
  const { breaker } = record
  const forced = state === "open" ? openBreaker(breaker, { untilMs: nowMs, nowMs, trips: 0, decidedOn: null }) : closeBreaker(breaker)
  setBreaker(record, forced, { by, nowMs })
}

export function pauseRoute(
  records: Records,
  request: { readonly route: string; readonly paused: boolean; readonly by: string },
  nowMs: number,
): void {
  const record = records.route(request.route)
  if (!request.paused) record.paused = null
  else record.paused ??= { since: new Date(nowMs), by: request.by }
}

export function pausedRoutes(records: Records): ReadonlyMap<string, { readonly since: Date; readonly by: string }> {
  return new Map(Array.from(records.routes()).flatMap(([route, { paused }]) => (paused === null ? [] : [[route, paused] as const])))
}

/** What operators see of an endpoint. */
export function stateOf(records: Records, endpoint: ModelEndpoint, nowMs: number): ModelEndpointState {
  const record = records.endpoint(endpoint.name)
  const { state, window } = record.breaker
  const counts = countCalls(window, { windowMs: endpoint.breaker?.windowMs ?? defaultWindows.windowMs, nowMs })
  const group = records.group(endpoint.limitGroup, nowMs)
  return {
    name: endpoint.name,
    breaker: shownBreaker(record),
    forced: record.forced,
    openUntil: record.forced === null && state.kind === "open" ? new Date(state.untilMs) : null,
    trips: state.kind === "closed" ? 0 : state.trips,
    ...counts,
    successRate: counts.calls === 0 ? null : (counts.calls - counts.failures) / counts.calls,
    latencyMs: record.latency === null ? null : Math.round(record.latency.ms),
    inFlight: liveLeases(record.leases, nowMs),
    concurrencyCap: capOf(record),
    ...allowanceOf(group, nowMs),
    pausedUntil: group.pausedUntilMs > nowMs ? new Date(Math.ceil(group.pausedUntilMs)) : null,
    disabled: disabledOf(records.credentials.get(endpoint.credential)),
    history: historyOf(record),
  }
}

function allowanceOf(group: Group, nowMs: number): Pick<ModelEndpointState, "requestsPerMinute" | "tokensPerMinute"> {
  const known = knownPerMinute(group.limits)
  const usable = usablePerMinute(group.limits)
  const learned = group.learned.perMinute
  const isLearned = learned !== null && (usable.requests === null || learned < usable.requests)
  const used = (count: Group["requestsByMinute"]): number => Math.max(0, Math.round(slidingSum(count, { nowMs, slotMs: 60_000 })))
  const shown = (limit: number | null, sum: number) => (limit === null && sum === 0 ? null : { limit, used: sum })
  return {
    requestsPerMinute: shown(isLearned ? Math.round(learned) : known.requests, used(group.requestsByMinute)),
    tokensPerMinute: shown(known.tokens, used(group.tokensByMinute)),
  }
}

function disabledOf(credential: DisabledCredential | undefined): ModelEndpointState["disabled"] {
  if (credential === undefined) return null
  return { reason: credential.reason, since: new Date(credential.sinceMs), until: new Date(Math.ceil(credential.untilMs)) }
}

function historyOf({ history }: EndpointRecord): ModelEndpointState["history"] {
  return history.toReversed()
}
