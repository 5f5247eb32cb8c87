/** How a total outage looks: every call answered 503, or no connection accepted. */
export type OutageMode = "unavailable" | "refuse"

export interface Outage {
  readonly mode: OutageMode
  /** On the simulator's clock; null until it is ended by hand. */
  readonly untilMs: number | null
}

/** The outage that is on at `nowMs`, if any. */
export function activeOutage(outage: Outage | null, nowMs: number): Outage | null {
  if (outage === null) return null
  return outage.untilMs === null || nowMs < outage.untilMs ? outage : null
}
