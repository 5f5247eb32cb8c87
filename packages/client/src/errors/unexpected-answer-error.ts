export interface UnexpectedAnswerErrorOptions {
  readonly status: number
  readonly message: string
  readonly retryAfterMs?: number | null
  readonly cause?: unknown
}

/** Something answered, but not as Sluice does: a proxy's page of errors, or another program at the address. */
export class UnexpectedAnswerError extends Error {
  readonly status: number
  readonly retryAfterMs: number | null

  constructor({ status, message, retryAfterMs = null, cause }: UnexpectedAnswerErrorOptions) {
    super(message, { cause })
    this.name = "UnexpectedAnswerError"
    this.status = status
    this.retryAfterMs = retryAfterMs
  }
}
