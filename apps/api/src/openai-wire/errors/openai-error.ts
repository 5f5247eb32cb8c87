/** What OpenAI's clients read of an error. */
export interface OpenaiErrorOptions {
  /** Decides which class of error a client raises. */
  readonly status: number
  /** For people: what is wrong and what to do. */
  readonly message: string
  readonly type: OpenaiErrorType
  /** Stable, for programs. */
  readonly code: string
  /** The parameter that is wrong, as a path: `messages[0].content`. Null: none, or not a single one. */
  readonly param?: string | null
  /** Whether clients are to send the request again by themselves. Absent: as they do by the status. */
  readonly isRetried?: boolean
  readonly headers?: Readonly<Record<string, string>>
  readonly cause?: unknown
}

export type OpenaiErrorType =
  | "invalid_request_error"
  | "authentication_error"
  | "permission_error"
  | "rate_limit_error"
  | "insufficient_quota"
  | "server_error"

/** Thrown to end a request, or a stream, with an error in OpenAI's form. */
export class OpenaiError extends Error {
  readonly status: number
  readonly type: OpenaiErrorType
  readonly code: string
  readonly param: string | null
  readonly isRetried: boolean | null
  readonly headers: Readonly<Record<string, string>>

  constructor({ status, message, type, code, param = null, isRetried, headers = {}, cause }: OpenaiErrorOptions) {
    super(message, { cause })
    this.name = "OpenaiError"
    this.status = status
    this.type = type
    this.code = code
    this.param = param
    this.isRetried = isRetried ?? null
    this.headers = headers
  }

  /** The body of an answer, and the data of a stream's last event. */
  body(): { readonly error: Readonly<Record<"message" | "type" | "code", string>> & { readonly param: string | null } } {
    const { message, type, code, param } = this
    return { error: { message, type, param, code } }
  }
}

/** A parameter that is wrong in itself. */
export function invalidParameter(param: string | null, message: string, code = "invalid_value"): OpenaiError {
  return new OpenaiError({ status: 400, type: "invalid_request_error", code, param, message })
}

/** A parameter of OpenAI's that this wire understands and cannot honour: better refused than dropped. */
export function unsupportedParameter(param: string, message: string): OpenaiError {
  return invalidParameter(param, message, "unsupported_parameter")
}
