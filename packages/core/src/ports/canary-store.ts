import type { TierName } from "../contract/job-resource.ts"

/** What came of a canary's last call. */
export type CanaryOutcome =
  | "ok"
  /** A good answer, but later than it should be. */
  | "slow"
  /** An answer that is not what is expected. */
  | "unexpected"
  | "failed"
  /** Nobody was called: the endpoint is out of use, or its route is paused. */
  | "unavailable"

/** An endpoint as one tier of one route uses it. */
export interface CanaryRef {
  readonly route: string
  readonly tier: TierName
  readonly endpoint: string
}

export interface CanaryResult extends CanaryRef {
  readonly outcome: CanaryOutcome
  readonly checkedAt: Date
  /** Since when it has come to this outcome each time. */
  readonly since: Date
  readonly latencyMs: number | null
  /** Why it is not `ok`, without anything that the provider said. */
  readonly error: string | null
}
