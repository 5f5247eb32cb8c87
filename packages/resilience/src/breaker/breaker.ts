import type { BreakerRules } from "./breaker-rules.ts"
import { defaultWindows } from "./breaker-rules.ts"
import { addCall, type CallCounts, type CallWindow, countCalls } from "./call-window.ts"

export type BreakerState =
  | { readonly kind: "closed" }
  /** Nothing is let through until then. `sinceMs`: when it left the closed state. */
  | { readonly kind: "open"; readonly untilMs: number; readonly sinceMs: number; readonly trips: number }
  | {
      readonly kind: "half_open"
      readonly sinceMs: number
      readonly trips: number
      readonly successes: number
      readonly slowSuccesses: number
      readonly failures: number
    }

export interface Breaker {
  readonly state: BreakerState
  /** Rises with each change of state, so that results of calls from before the change can be told apart. */
  readonly generation: number
  readonly window: CallWindow
  /** Failures since the last success. */
  readonly failuresInARow: number
  /** The last success, or the first call if none succeeded; null before that. */
  readonly goodAtMs: number | null
  /** The calls, or probes, that its state was decided on; null where time or an operator did. */
  readonly decidedOn: CallCounts | null
}

export const closedBreaker: Breaker = {
  state: { kind: "closed" },
  generation: 0,
  window: [],
  failuresInARow: 0,
  goodAtMs: null,
  decidedOn: null,
}

export function openBreaker(
  breaker: Breaker,
  options: { readonly untilMs: number; readonly nowMs: number; readonly trips: number; readonly decidedOn: CallCounts | null },
): Breaker {
  const sinceMs = breaker.state.kind === "closed" ? options.nowMs : breaker.state.sinceMs
  return {
    state: { kind: "open", untilMs: options.untilMs, sinceMs, trips: options.trips },
    generation: breaker.generation + 1,
    window: [],
    failuresInARow: 0,
    goodAtMs: null,
    decidedOn: options.decidedOn,
  }
}

export function closeBreaker({ generation }: Breaker, decidedOn: CallCounts | null = null): Breaker {
  return { ...closedBreaker, generation: generation + 1, decidedOn }
}

/** An open breaker whose time is over lets probes through. */
export function halfOpenBreaker(breaker: Breaker): Breaker {
  if (breaker.state.kind !== "open") return breaker
  const { sinceMs, trips } = breaker.state
  return {
    ...breaker,
    state: { kind: "half_open", sinceMs, trips, successes: 0, slowSuccesses: 0, failures: 0 },
    generation: breaker.generation + 1,
    decidedOn: null,
  }
}

function trip(breaker: Breaker, rules: BreakerRules, { nowMs, decidedOn }: { nowMs: number; decidedOn: CallCounts }): Breaker {
  const trips = breaker.state.kind === "closed" ? 0 : breaker.state.trips
  const openForMs = Math.min(rules.maxOpenMs, rules.openMs * 2 ** trips)
  return openBreaker(breaker, { untilMs: nowMs + openForMs, nowMs, trips: trips + 1, decidedOn })
}

function isSick(rules: BreakerRules, window: CallCounts, thin: CallCounts): boolean {
  if (window.calls < rules.minimumCalls) return thin.failures >= rules.thinFailures && thin.failures * 2 >= thin.calls
  const isSlow = rules.slowCallMs !== null && window.slow >= window.calls * rules.slowCallRate
  return window.failures >= window.calls * rules.failureRate || isSlow
}

/** So much of a window without a success is enough if `minimumCalls` calls failed in it. */
const shareOfWindow = 1 / 6

/** Nothing speaks for its being able to answer: it had enough calls, or enough time, and none succeeded. */
function isDead(rules: BreakerRules, { failuresInARow, goodAtMs }: Breaker, nowMs: number): boolean {
  const withoutSuccessMs = nowMs - (goodAtMs ?? nowMs)
  const hadEnoughCalls = failuresInARow >= rules.minimumCalls && withoutSuccessMs >= rules.windowMs * shareOfWindow
  return hadEnoughCalls || withoutSuccessMs >= rules.windowMs
}

export interface CallResult {
  readonly isFailure: boolean
  readonly latencyMs: number
  readonly nowMs: number
}

/** Asked before a breaker opens. `isDead`: its endpoint no longer answers anybody. */
export type MayTrip = (options: { readonly isDead: boolean }) => boolean

interface CountedCall extends CallResult {
  readonly isSlow: boolean
  readonly mayTrip: MayTrip
}

/**
 * Counts a call that was made in the present generation, and moves the breaker where the rules say; null: the breaker is off
 * and stays closed. One that may not open stays closed, or closes when its probes say that it should open again.
 */
export function recordCall(breaker: Breaker, rules: BreakerRules | null, call: CallResult & { readonly mayTrip: MayTrip }): Breaker {
  if (rules === null)
    return recordClosed(breaker.state.kind === "closed" ? breaker : closeBreaker(breaker), rules, { ...call, isSlow: false })
  const isSlow = rules.slowCallMs !== null && call.latencyMs > rules.slowCallMs
  switch (breaker.state.kind) {
    case "open":
      return breaker
    case "half_open":
      return recordProbe(breaker, rules, { ...call, isSlow, state: breaker.state })
    case "closed":
      return recordClosed(breaker, rules, { ...call, isSlow })
  }
}

/** A failed probe opens it again at once, unless it may not open: then all probes are heard, and one good one lets it close. */
function recordProbe(
  breaker: Breaker,
  rules: BreakerRules,
  call: CountedCall & { readonly state: Extract<BreakerState, { kind: "half_open" }> },
): Breaker {
  const { isFailure, isSlow, nowMs, mayTrip, state } = call
  const successes = state.successes + (isFailure ? 0 : 1)
  const slowSuccesses = state.slowSuccesses + (!isFailure && isSlow ? 1 : 0)
  const failures = state.failures + (isFailure ? 1 : 0)
  const decidedOn = { calls: successes + failures, failures, slow: slowSuccesses }
  if (isFailure && mayTrip({ isDead: false })) return trip(breaker, rules, { nowMs, decidedOn })
  if (successes + failures < rules.probes) return { ...breaker, state: { ...state, successes, slowSuccesses, failures } }
  const isSick = failures > 0 || slowSuccesses >= successes * rules.slowCallRate
  return isSick && mayTrip({ isDead: successes === 0 }) ? trip(breaker, rules, { nowMs, decidedOn }) : closeBreaker(breaker, decidedOn)
}

function recordClosed(breaker: Breaker, rules: BreakerRules | null, { isFailure, isSlow, nowMs, mayTrip }: CountedCall): Breaker {
  const { windowMs, thinWindowMs } = rules ?? defaultWindows
  const window = addCall(breaker.window, { isFailure, isSlow, keepMs: Math.max(windowMs, thinWindowMs), nowMs })
  const counted = {
    ...breaker,
    window,
    failuresInARow: isFailure ? breaker.failuresInARow + 1 : 0,
    goodAtMs: isFailure ? (breaker.goodAtMs ?? nowMs) : nowMs,
  }
  if (rules === null || !(isFailure || isSlow)) return counted
  const recent = countCalls(window, { windowMs, nowMs })
  const thin = countCalls(window, { windowMs: thinWindowMs, nowMs })
  if (!isSick(rules, recent, thin)) return counted
  const decidedOn = recent.calls < rules.minimumCalls ? { ...thin, slow: recent.slow } : recent
  return mayTrip({ isDead: isDead(rules, counted, nowMs) }) ? trip(counted, rules, { nowMs, decidedOn }) : counted
}

/** So many failures without a success between them speak of the endpoint, however good the calls before were. */
const unbrokenFailures = 2

/** At least half of the recent calls were good, and one of the last two; without any nothing speaks against it. */
export function isMostlyGood(breaker: Breaker, rules: BreakerRules | null, nowMs: number): boolean {
  if (breaker.failuresInARow >= unbrokenFailures) return false
  const { windowMs, thinWindowMs } = rules ?? defaultWindows
  const { calls, failures } = countCalls(breaker.window, { windowMs: Math.max(windowMs, thinWindowMs), nowMs })
  return failures * 2 <= calls
}
