// The words of the wire, without their schemas: pages in a browser are made with them, and load no zod.

export const jobStatuses = ["queued", "running", "succeeded", "failed", "cancelled", "expired"] as const

export const waitingReasons = [
  "rate_limited",
  "breaker_open",
  "concurrency",
  "retry_backoff",
  "scheduled",
  "route_paused",
  "route_missing",
  "credential",
  "quota",
  "budget",
] as const
export type WaitingReason = (typeof waitingReasons)[number]

export const tierNames = ["primary", "fallback", "rules", "cache", "static"] as const

export const qualities = ["full", "reduced", "generic", "stale", "minimal"] as const

/** The classes in which jobs wait. */
export const priorities = ["interactive", "standard", "bulk"] as const
