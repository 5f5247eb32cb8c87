import type { BreakerRules } from "../breaker/breaker-rules.ts"
import type { CallCounts } from "../breaker/call-window.ts"
import type { DisableReason } from "../credential/credential.ts"
import type { ReportedLimits } from "../limiter/settle-group.ts"

/** An endpoint as admission sees it. */
export interface ModelEndpoint {
  readonly name: string
  readonly limitGroup: string
  readonly credential: string
  readonly priority: number
  readonly weight: number
  readonly requestsPerMinute: number | null
  readonly tokensPerMinute: number | null
  readonly concurrency: number | null
  readonly breaker: BreakerRules | null
}

export interface ModelAdmitRequest {
  readonly lease: string
  readonly route: string
  readonly endpoints: readonly ModelEndpoint[]
  readonly tokens: number
  readonly leaseMs: number
  readonly maxWaitMs: number
  readonly refusals: number
  readonly affinity: string | null
  readonly isRetry: boolean
  readonly priority: "interactive" | "standard" | "bulk"
  readonly version: number
}

export type ModelRefusalReason = "breaker_open" | "rate_limited" | "concurrency" | "credential" | "quota" | "route_paused" | "retry_backoff"

export type ModelAdmitOutcome =
  | {
      readonly kind: "admitted"
      readonly endpoint: string
      readonly startInMs: number
      readonly generation: string
      readonly isProbe: boolean
    }
  | { readonly kind: "booked"; readonly endpoint: string; readonly startInMs: number }
  | {
      readonly kind: "refused"
      readonly reason: ModelRefusalReason
      readonly endpoint: string | null
      readonly retryInMs: number
      readonly unavailableSinceMs: number | null
    }

export interface ModelSettleRequest {
  readonly lease: string
  readonly route: string
  readonly endpoint: ModelEndpoint
  readonly pool: readonly string[]
  readonly generation: string
  readonly outcome: "success" | "failure" | "ignore"
  readonly latencyMs: number
  readonly tokensReserved: number
  readonly tokensUsed: number | null
  readonly throttled: boolean
  readonly retryAfterMs: number | null
  readonly reported: ReportedLimits | null
  readonly disable: DisableReason | null
  readonly version: number
}

export type BreakerName = "closed" | "open" | "half_open"

export interface ModelSettleOutcome {
  readonly applied: boolean
  readonly healthy: boolean
  readonly breaker: BreakerName
  readonly changed: boolean
}

export interface ModelReleaseRequest {
  readonly lease: string
  readonly route: string
  readonly endpoint: ModelEndpoint
  readonly tokensReserved: number
}

export interface ModelRenewal {
  readonly lease: string
  readonly route: string
  readonly endpoint: string
  readonly leaseMs: number
}

interface UsedPerMinute {
  readonly limit: number | null
  readonly used: number
}

export interface ModelEndpointState {
  readonly name: string
  readonly breaker: BreakerName
  readonly forced: "open" | "closed" | null
  readonly openUntil: Date | null
  readonly trips: number
  readonly calls: number
  readonly failures: number
  readonly slow: number
  readonly successRate: number | null
  readonly latencyMs: number | null
  readonly inFlight: number
  readonly concurrencyCap: number | null
  readonly requestsPerMinute: UsedPerMinute | null
  readonly tokensPerMinute: UsedPerMinute | null
  readonly pausedUntil: Date | null
  readonly disabled: { readonly reason: DisableReason; readonly since: Date; readonly until: Date } | null
  /** Newest first. */
  readonly history: readonly BreakerChange[]
}

export interface BreakerChange {
  readonly at: Date
  readonly state: BreakerName
  /** The operator who forced it; null: the breaker itself. */
  readonly by: string | null
  /** The calls, or probes, that it was decided on; null where time or an operator did. */
  readonly decidedOn: CallCounts | null
}
