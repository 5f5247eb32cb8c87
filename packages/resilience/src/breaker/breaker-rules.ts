/** When an endpoint counts as broken. All shares are of the calls in the window. */
export interface BreakerRules {
  readonly windowMs: number
  /** Below so many calls in the window the rates say nothing, and the rule for thin traffic holds. */
  readonly minimumCalls: number
  readonly failureRate: number
  /** A call that took longer counts as slow; null: none does. */
  readonly slowCallMs: number | null
  readonly slowCallRate: number
  /** Thin traffic: so many failures in `thinWindowMs`, if they are at least half of the calls. */
  readonly thinFailures: number
  readonly thinWindowMs: number
  readonly openMs: number
  /** The open time doubles with each trip up to this. */
  readonly maxOpenMs: number
  /** Calls let through when the open time is over; all must succeed. */
  readonly probes: number
}

/** The windows in which calls are counted where no breaker is configured. */
export const defaultWindows = { windowMs: 30_000, thinWindowMs: 60_000 }
