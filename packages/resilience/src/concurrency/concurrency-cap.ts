/**
 * How many calls may run at once, found by additive increase and multiplicative decrease (Chiu and Jain 1989, as in
 * Netflix' concurrency-limits): a refusal cuts the cap, successes at the cap raise it again up to the configured number.
 */
export interface ConcurrencyCap {
  /** Null: as configured. */
  readonly cap: number | null
  readonly cutAtMs: number
}

export const uncutCap: ConcurrencyCap = { cap: null, cutAtMs: 0 }

const cut = 0.7
const minMsBetweenCuts = 1_000

/** The number of calls that may run now; null: any number. */
export function callsAllowed({ cap }: ConcurrencyCap, configured: number | null): number | null {
  if (configured === null) return null
  return Math.max(1, Math.floor(Math.min(configured, cap ?? configured)))
}

/** After a refusal. A call that started before the last cut says nothing about the present cap. */
export function cutCap(
  state: ConcurrencyCap,
  options: { readonly configured: number | null; readonly startedAtMs: number; readonly nowMs: number },
): ConcurrencyCap {
  const { configured, startedAtMs, nowMs } = options
  if (configured === null || startedAtMs < state.cutAtMs || nowMs - state.cutAtMs < minMsBetweenCuts) return state
  return { cap: Math.max(1, Math.min(configured, state.cap ?? configured) * cut), cutAtMs: nowMs }
}

/** After a success. Grows by one per round of calls, and only while at least half of the cap is in use. */
export function growCap(
  state: ConcurrencyCap,
  options: { readonly configured: number | null /** The call that succeeded included. */; readonly inFlight: number },
): ConcurrencyCap {
  const { configured, inFlight } = options
  if (state.cap === null || configured === null || inFlight * 2 < state.cap) return state
  const grown = state.cap + 1 / state.cap
  return { ...state, cap: grown >= configured ? null : grown }
}
