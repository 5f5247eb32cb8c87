/**
 * What can go wrong while an endpoint is asked, decided once by the adapter that saw it. The order follows the
 * wire contract.
 */
export const providerErrorTypes = [
  "rate_limited",
  "provider_quota",
  "overloaded",
  "timeout",
  "network",
  "provider_internal",
  "malformed_response",
  "provider_auth",
  "context_length",
  "content_filter",
  "invalid_input",
  "schema_mismatch",
  "output_truncated",
] as const

/** What can end a job without an endpoint having said anything. */
export const jobErrorTypes = ["no_capable_endpoint", "deadline_exceeded", "budget_exhausted", "worker_lost"] as const

/** The closed list of `error.type` on the wire. */
export const errorTypes = [...providerErrorTypes, ...jobErrorTypes] as const

export type ProviderErrorType = (typeof providerErrorTypes)[number]
export type JobErrorType = (typeof jobErrorTypes)[number]
export type ErrorType = (typeof errorTypes)[number]
