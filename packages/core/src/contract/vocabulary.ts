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

export const finalEventTypes = ["job.succeeded", "job.failed", "job.cancelled", "job.expired"] as const
export const jobEventTypes = [...finalEventTypes, "job.started"] as const

/** What a webhook endpoint gets when it does not say what it wants: the ends of jobs and of batches. */
export const defaultEventTypes = [...finalEventTypes, "batch.completed"] as const

/** What an endpoint may ask for. `endpoint.*` stands for all events about the providers' endpoints. */
export const subscribableEventTypes = [...defaultEventTypes, "job.started", "dead_letter.created", "endpoint.*"] as const

/** `open`: nobody has acted on it; `replaying`: a replay runs it again; `resolved`: a replayed run ended otherwise than by failing. */
export const deadLetterStates = ["open", "replaying", "resolved", "discarded"] as const

/** In queries; no endpoint has this name. In bodies it is `null`. */
export const noEndpoint = "-"

/** How far back, and by which steps. */
export const statsWindows = ["15m", "1h", "6h", "24h", "7d"] as const
export type StatsWindow = (typeof statsWindows)[number]
