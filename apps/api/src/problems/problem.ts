import { type FieldError, type ProblemCode, problems } from "@sluice/core"

export interface ProblemOptions {
  readonly code: ProblemCode
  /** What is wrong in this request, for the caller to read. Nothing internal. */
  readonly detail: string
  readonly errors?: readonly FieldError[]
  /** Sent with the answer: `Allow`, `Retry-After`, `WWW-Authenticate`. */
  readonly headers?: Readonly<Record<string, string>>
  readonly cause?: unknown
}

/** Thrown by handlers and middleware to end a request with a problem document (RFC 9457). */
export class Problem extends Error {
  readonly code: ProblemCode
  readonly status: number
  readonly errors: readonly FieldError[]
  readonly headers: Readonly<Record<string, string>>

  constructor({ code, detail, errors = [], headers = {}, cause }: ProblemOptions) {
    super(detail, { cause })
    this.name = "Problem"
    this.code = code
    this.status = problems[code].status
    this.errors = errors
    this.headers = headers
  }
}
