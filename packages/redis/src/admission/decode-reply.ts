import type { AdmitOutcome, EndpointState, SettleOutcome, SettleRequest } from "@sluice/core"
import type { AdmissionEvent } from "./admission-event.ts"
import type { AdmitReply, SettleReply, StateRow } from "./scripts.ts"

export function admitOutcome(reply: AdmitReply): AdmitOutcome {
  switch (reply[0]) {
    case "admitted": {
      const [kind, endpoint, startInMs, generation, isProbe] = reply
      return { kind, endpoint, startInMs, generation, isProbe: isProbe === 1 }
    }
    case "booked": {
      const [kind, endpoint, startInMs] = reply
      return { kind, endpoint, startInMs }
    }
    case "refused": {
      const [kind, reason, endpoint, retryInMs, sinceMs] = reply
      return { kind, reason, endpoint: endpoint === "" ? null : endpoint, retryInMs, unavailableSinceMs: sinceMs < 0 ? null : sinceMs }
    }
  }
}

export function settleOutcome([applied, healthy, before, after]: SettleReply): SettleOutcome {
  return { applied: applied === 1, healthy: healthy === 1, breaker: after, changed: before !== after }
}

/** What the settlement brought about. */
export function settleEvents(request: SettleRequest, reply: SettleReply): readonly AdmissionEvent[] {
  const [, , before, after, pauseMs, requestsPerMinute, disabledMs, enabled, openMs] = reply
  const { name, limitGroup, credential } = request.endpoint
  const events: AdmissionEvent[] = []
  if (before !== after) {
    events.push({ kind: "breaker_changed", endpoint: name, from: before, to: after, by: null, openMs: after === "open" ? openMs : null })
  }
  if (pauseMs > 0) events.push({ kind: "group_paused", limitGroup, pauseMs })
  if (requestsPerMinute > 0) events.push({ kind: "rate_lowered", limitGroup, requestsPerMinute })
  if (disabledMs > 0 && request.disable !== null) {
    events.push({ kind: "credential_disabled", credential, reason: request.disable, retryInMs: disabledMs })
  }
  if (enabled === 1) events.push({ kind: "credential_enabled", credential })
  return events
}

function dateOrNull(ms: number): Date | null {
  return ms < 0 ? null : new Date(ms)
}

function allowance(limit: number, used: number): EndpointState["requestsPerMinute"] {
  return limit < 0 && used === 0 ? null : { limit: limit < 0 ? null : limit, used }
}

function breakerOf(text: string): "closed" | "open" | "half_open" {
  return text === "open" || text === "half_open" ? text : "closed"
}

/** "ms state counts by"; older entries are without the counts. The name of an operator may hold spaces. */
const historyPattern = /^(\d+) (\w+) (?:(?:-|(\d+),(\d+),(\d+)) )?(.*)$/

function historyEntry(text: string): EndpointState["history"][number] {
  const [, ms, state = "", calls, failures, slow, by = ""] = historyPattern.exec(text) ?? []
  const decidedOn = calls === undefined ? null : { calls: Number(calls), failures: Number(failures), slow: Number(slow) }
  return { at: new Date(Number(ms)), state: breakerOf(state), by: by || null, decidedOn }
}

export function endpointState(name: string, row: StateRow): EndpointState {
  const [, breaker, forced, openUntilMs, trips, calls, failures, slow, latencyMs, inFlight, cap, ...rest] = row
  const [requestsLimit, requestsUsed, tokensLimit, tokensUsed, pausedUntilMs, reason, sinceMs, untilMs, history] = rest
  return {
    name,
    breaker,
    forced: forced === "" ? null : forced,
    openUntil: dateOrNull(openUntilMs),
    trips,
    calls,
    failures,
    slow,
    successRate: calls === 0 ? null : (calls - failures) / calls,
    latencyMs: latencyMs < 0 ? null : latencyMs,
    inFlight,
    concurrencyCap: cap < 0 ? null : cap,
    requestsPerMinute: allowance(requestsLimit, requestsUsed),
    tokensPerMinute: allowance(tokensLimit, tokensUsed),
    pausedUntil: dateOrNull(pausedUntilMs),
    disabled: reason === "" ? null : { reason, since: new Date(sinceMs), until: new Date(untilMs) },
    history: history.map(historyEntry),
  }
}
