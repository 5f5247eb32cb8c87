/** What kept an answer from arriving whole. */
export type TransportFailure = "timeout" | "network" | "not_http" | "too_large"

/** The exchange itself failed: there is no answer to look at. `message` is fit for the caller's eyes. */
export class TransportError extends Error {
  readonly failure: TransportFailure

  constructor(options: { failure: TransportFailure; message: string; cause?: unknown }) {
    super(options.message, { cause: options.cause })
    this.name = "TransportError"
    this.failure = options.failure
  }
}
