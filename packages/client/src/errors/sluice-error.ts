import { type FieldError, isProblemCode, type ProblemCode, type ProblemDocument } from "@sluice/core"
import { isMarked } from "./is-marked.ts"

const marker = Symbol.for("sluice.client.SluiceError")

export interface SluiceErrorOptions {
  readonly problem: ProblemDocument
  /** What `Retry-After` said. */
  readonly retryAfterMs?: number | null
}

/** Closed, for `switch`: the codes of the contract, and one for what only a newer server knows. */
export type SluiceErrorCode = ProblemCode | "unknown_problem"

/** The API refused a request, and said why in a problem document (RFC 9457). */
export class SluiceError extends Error {
  readonly [marker] = true
  readonly code: SluiceErrorCode
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
  /** As it came, with a code that may be newer than this package. */
  readonly problem: ProblemDocument

  constructor({ problem, retryAfterMs = null }: SluiceErrorOptions) {
    super(`${problem.title}: ${problem.detail}`)
    this.name = "SluiceError"
    this.code = isProblemCode(problem.code) ? problem.code : "unknown_problem"
    this.status = problem.status
    this.title = problem.title
    this.detail = problem.detail
    this.errors = problem.errors
    this.requestId = problem.requestId
    this.retryable = problem.retryable
    this.retryAfterMs = retryAfterMs
    this.problem = problem
  }

  /** As `instanceof`, and across copies of this package; with codes, only when it is one of them. */
  static isInstance(error: unknown): error is SluiceError
  static isInstance<Code extends SluiceErrorCode>(error: unknown, ...codes: readonly Code[]): error is SluiceError & { readonly code: Code }
  static isInstance(error: unknown, ...codes: readonly SluiceErrorCode[]): boolean {
    if (!isMarked(error, marker)) return false
    return codes.length === 0 || (error instanceof Object && "code" in error && codes.some((code) => code === error.code))
  }
}
