import type { FieldError, ProblemCode, ProblemDocument } from "@sluice/core"

export interface SluiceErrorOptions {
  readonly problem: ProblemDocument
  /** What `Retry-After` said. */
  readonly retryAfterMs?: number | null
}

/** The API refused a request, and said why in a problem document (RFC 9457). */
export class SluiceError extends Error {
  /** Stable. The known codes are the contract's; a newer server may have others. */
  readonly code: ProblemCode | (string & {})
  readonly status: number
  readonly title: string
  /** What is wrong with this very request. */
  readonly detail: string
  /** Each wrong field with a JSON Pointer into the body, or `query:NAME`, `header:NAME`. */
  readonly errors: readonly FieldError[]
  /** Names the request in the server's logs. */
  readonly requestId: string
  /** The same request may succeed later. */
  readonly retryable: boolean
  readonly retryAfterMs: number | null

  constructor({ problem, retryAfterMs = null }: SluiceErrorOptions) {
    super(`${problem.title}: ${problem.detail}`)
    this.name = "SluiceError"
    this.code = problem.code
    this.status = problem.status
    this.title = problem.title
    this.detail = problem.detail
    this.errors = problem.errors
    this.requestId = problem.requestId
    this.retryable = problem.retryable
    this.retryAfterMs = retryAfterMs
  }
}
