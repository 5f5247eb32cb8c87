import type { Priority } from "../contract/submit.ts"

/** When an endpoint counts as broken, complete. All shares are of the calls in the window. */
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

/** An endpoint as admission sees it. */
export interface AdmissionEndpoint {
  readonly name: string
  /** Endpoints of one group share one allowance of requests and tokens. */
  readonly limitGroup: string
  /** Endpoints of one credential are disabled together when it is rejected. Never the secret itself. */
  readonly credential: string
  /** Lower first. */
  readonly priority: number
  readonly weight: number
  /** Null: no limit is configured; what the provider reports is learned. */
  readonly requestsPerMinute: number | null
  readonly tokensPerMinute: number | null
  readonly concurrency: number | null
  /** Null: off. */
  readonly breaker: BreakerRules | null
}

export interface AdmitRequest {
  /** Names this call: the same while its job is booked, refused and asks again, another for the job's next call. */
  readonly lease: string
  readonly route: string
  /** The pool to choose from; all in one call, so that the choice is atomic. */
  readonly endpoints: readonly AdmissionEndpoint[]
  /** Reserved from tokens per minute until settled. */
  readonly tokens: number
  /** How long the call may occupy its place without being renewed. */
  readonly leaseMs: number
  /** A start this near is waited for; a later one means coming back. */
  readonly maxWaitMs: number
  /** How often this call has been refused before: after three it gets a reservation whatever the wait. */
  readonly refusals: number
  /** Preferred where it is as good as the others. */
  readonly affinity: string | null
  /** A repeated call, which takes from the route's retry budget. */
  readonly isRetry: boolean
  /** `bulk` is booked half as far ahead, so that others find an early place; `interactive` is spared from probing. */
  readonly priority: Priority
  /** The configuration's version: limits of a newer one win over those of an older. */
  readonly version: number
}

export type RefusalReason = "breaker_open" | "rate_limited" | "concurrency" | "credential" | "quota" | "route_paused" | "retry_backoff"

export type AdmitOutcome =
  /** Call this endpoint in `startInMs`. */
  | {
      readonly kind: "admitted"
      readonly endpoint: string
      readonly startInMs: number
      /** Of the breaker; goes back with `settle`, where the results of an older generation are dropped. */
      readonly generation: string
      /** The call finds out whether the endpoint is back. */
      readonly isProbe: boolean
    }
  /** The allowance at that time is this lease's: come back then. */
  | { readonly kind: "booked"; readonly endpoint: string; readonly startInMs: number }
  | {
      readonly kind: "refused"
      readonly reason: RefusalReason
      /** The endpoint that is expected to be free first. */
      readonly endpoint: string | null
      /** This caller's own time to come back: no two that wait for the same thing are told the same. */
      readonly retryInMs: number
      /**
       * Since when no endpoint of the pool has been available (open breaker, quota, credential), in milliseconds since the
       * epoch; null: one is merely busy.
       */
      readonly unavailableSinceMs: number | null
    }

export interface SettleRequest {
  readonly lease: string
  readonly route: string
  readonly endpoint: AdmissionEndpoint
  /** The names of all endpoints of its tier, its own included: at most half of them are ejected while they still answer some calls. */
  readonly pool: readonly string[]
  readonly generation: string
  /** `ignore` says nothing about the endpoint's health: aborted, or refused for the input's sake. */
  readonly outcome: "success" | "failure" | "ignore"
  readonly latencyMs: number
  /** Reserved by `admit`. */
  readonly tokensReserved: number
  /** Null: unknown, so the reservation stands. */
  readonly tokensUsed: number | null
  /** The provider said 429: cuts the concurrency cap, and may pause the limit group. */
  readonly throttled: boolean
  /** How long the provider asked to be left alone. */
  readonly retryAfterMs: number | null
  /** What the provider reported: limits and what is left of them. */
  readonly reported: {
    readonly requests: { readonly limit: number | null; readonly remaining: number | null; readonly resetMs: number | null } | null
    readonly tokens: { readonly limit: number | null; readonly remaining: number | null; readonly resetMs: number | null } | null
  } | null
  /** The credential was rejected, or its quota is used up: disable it, and try it again after a time that doubles. */
  readonly disable: "credential" | "quota" | null
  readonly version: number
}

export interface SettleOutcome {
  /** False: it was settled or given back before, or nothing is known of the lease any more. */
  readonly applied: boolean
  /**
   * Breaker closed, then and now, at least half of the other recent calls good, and one of the last two: a failure then is the
   * job's own misfortune and is charged. Without other calls nothing speaks against the endpoint.
   */
  readonly healthy: boolean
  readonly breaker: "closed" | "open" | "half_open"
  /** This settlement opened or closed it. */
  readonly changed: boolean
}

/** What operators and the dashboard see of an endpoint. */
export interface EndpointState {
  readonly name: string
  readonly breaker: "closed" | "open" | "half_open"
  readonly forced: "open" | "closed" | null
  /** When an open breaker lets probes through. */
  readonly openUntil: Date | null
  readonly trips: number
  readonly calls: number
  readonly failures: number
  readonly slow: number
  /** Null without calls. */
  readonly successRate: number | null
  readonly latencyMs: number | null
  readonly inFlight: number
  readonly concurrencyCap: number | null
  readonly requestsPerMinute: { readonly limit: number | null; readonly used: number } | null
  readonly tokensPerMinute: { readonly limit: number | null; readonly used: number } | null
  readonly pausedUntil: Date | null
  readonly disabled: { readonly reason: "credential" | "quota"; readonly since: Date; readonly until: Date } | null
  /** The last hundred changes of at most a month, the newest first. */
  readonly history: readonly {
    readonly at: Date
    readonly state: "closed" | "open" | "half_open"
    readonly by: string | null
    /** The calls, or probes, that it was decided on; null where time or an operator did. */
    readonly decidedOn: { readonly calls: number; readonly failures: number; readonly slow: number } | null
  }[]
}

/**
 * Who may call which provider when: one view for all workers. Rejects with `QueueUnavailableError` when it cannot be
 * asked in time.
 */
export interface Admission {
  admit(request: AdmitRequest): Promise<AdmitOutcome>
  /** Idempotent by lease; a late one still corrects tokens and counts. */
  settle(request: SettleRequest): Promise<SettleOutcome>
  /** Gives back a booking or an admission that will not be used. */
  release(lease: {
    readonly lease: string
    readonly route: string
    readonly endpoint: AdmissionEndpoint
    readonly tokensReserved: number
  }): Promise<void>
  /** Prolongs the leases of calls that take long. */
  renew(
    leases: readonly { readonly lease: string; readonly route: string; readonly endpoint: string; readonly leaseMs: number }[],
  ): Promise<void>
  state(endpoints: readonly AdmissionEndpoint[]): Promise<readonly EndpointState[]>
  /** An operator's word over the breaker's; `auto` gives it back. `by` is kept in the history. */
  force(request: { readonly endpoint: string; readonly state: "open" | "closed" | "auto"; readonly by: string }): Promise<void>
  pauseRoute(request: { readonly route: string; readonly paused: boolean; readonly by: string }): Promise<void>
  pausedRoutes(): Promise<ReadonlyMap<string, { readonly since: Date; readonly by: string }>>
}
