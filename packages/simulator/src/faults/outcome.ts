/**
 * Everything that can become of a call, with what the caller sees. The order matters: it is the order in which the
 * rates of a schedule are laid end to end, so a seed keeps its meaning only while entries are appended.
 */
export const outcomeDescriptions = {
  ok: "the answer",
  rate_limited: "429 with retry-after",
  rate_limited_without_hint: "429 that does not say when to come back",
  quota: "the provider's error for used-up credit or a reached spending limit",
  internal_error: "500",
  bad_gateway: "502 with a page of HTML, as a proxy in front of the provider sends",
  gateway_timeout: "504 with a page of HTML",
  unavailable: "503",
  overloaded: "529, or at Azure a 429 that speaks of high demand",
  unauthorized: "401, as for a revoked key",
  forbidden: "403",
  hang: "no answer until the client goes away",
  stall: "half of the answer, then silence until the client goes away",
  slow: "the answer, slowMs later",
  reset: "the connection is reset before the answer",
  reset_in_body: "the connection is reset in the middle of the answer",
  refuse: "the connection is reset, and new ones are refused for refuseMs",
  cut_json: "200 whose body ends in mid-JSON, or a stream that ends early, with nothing wrong in HTTP",
  cut_body: "200 that declares the whole body, sends half of it and closes the connection",
  wrong_shape: "200 with JSON that is not the provider's",
  error_in_ok: "the provider's error inside a 200, or in the middle of a stream",
  content_filter: "an answer withheld by the content filter",
  length: "an answer cut off by its length limit",
  schema_violation: "JSON that breaks the requested JSON Schema (a plain answer where none was requested)",
  not_json: "prose where JSON was requested (a plain answer where it was not)",
} as const

export type OutcomeKind = keyof typeof outcomeDescriptions

/** What becomes of one call, with all that is needed to carry it out. */
export interface Outcome {
  readonly kind: OutcomeKind
  /** Sent as retry-after with an error that has one; null sends none. */
  readonly retryAfterMs: number | null
  readonly slowMs: number
  readonly refuseMs: number
}
