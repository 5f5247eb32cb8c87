import { isMarked } from "./is-marked.ts"

const marker = Symbol.for("sluice.client.UnexpectedAnswerError")

export interface UnexpectedAnswerErrorOptions {
  readonly status: number
  readonly message: string
  readonly retryAfterMs?: number | null
  readonly cause?: unknown
}

/** Something answered, but not as Sluice does: a proxy's page of errors, or another program at the address. */
export class UnexpectedAnswerError extends Error {
  readonly [marker] = true
  readonly status: number
  readonly retryAfterMs: number | null

  constructor({ status, message, retryAfterMs = null, cause }: UnexpectedAnswerErrorOptions) {
    super(message, { cause })
    this.name = "UnexpectedAnswerError"
    this.status = status
    this.retryAfterMs = retryAfterMs
  }

  /** As `instanceof`, and across copies of this package. */
  static isInstance(error: unknown): error is UnexpectedAnswerError {
    return isMarked(error, marker)
  }
}
