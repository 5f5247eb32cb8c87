export interface DegradeAtRequest {
  /** Since when no endpoint of the tier has been available, for all workers; null: one is merely busy. */
  readonly unavailableSinceMs: number | null
  /** When the job could have run at the earliest. */
  readonly eligibleAtMs: number
  readonly degradeAfterMs: number
}

/**
 * When a job may turn to the next tier: so long after the tier became unavailable or the job became eligible, whichever
 * was later. A job that arrives in the middle of an outage waits its own full time: the outage may be over in a moment.
 * Null: not at all, since the tier is available. All times in milliseconds since the epoch.
 */
export function degradeAtMs({ unavailableSinceMs, eligibleAtMs, degradeAfterMs }: DegradeAtRequest): number | null {
  return unavailableSinceMs === null ? null : Math.max(unavailableSinceMs, eligibleAtMs) + degradeAfterMs
}
