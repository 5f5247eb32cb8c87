/** What a provider said about a failure, whatever its wire. */
export interface FailureReport {
  /** Its codes and types, the most telling first, e.g. `["context_length_exceeded", "invalid_request_error"]`. */
  readonly codes: readonly string[]
  /** Its own words. Empty when it had none. */
  readonly words: string
  /** A wait that the body asks for. */
  readonly retryAfterMs: number | null
  /** The HTTP status that the body stands for: providers also report failures inside an HTTP 200. */
  readonly impliedStatus: number | null
}
