type BreakerState = "closed" | "open" | "half_open"

/** What became known about providers. Told once, by the process whose call brought it about. */
export type AdmissionEvent =
  | {
      readonly kind: "breaker_changed"
      readonly endpoint: string
      readonly from: BreakerState
      readonly to: BreakerState
      /** The operator who forced it; null: the breaker itself. */
      readonly by: string | null
      /** How long nothing is let through; null: it is not open, or an operator holds it open. */
      readonly openMs: number | null
    }
  /** The provider refuses the whole group; it is left alone for so long. */
  | { readonly kind: "group_paused"; readonly limitGroup: string; readonly pauseMs: number }
  /** Refusals showed that the provider allows less than it says or than is configured. */
  | { readonly kind: "rate_lowered"; readonly limitGroup: string; readonly requestsPerMinute: number }
  | {
      readonly kind: "credential_disabled"
      readonly credential: string
      readonly reason: "credential" | "quota"
      /** When it is tried again. */
      readonly retryInMs: number
    }
  | { readonly kind: "credential_enabled"; readonly credential: string }
