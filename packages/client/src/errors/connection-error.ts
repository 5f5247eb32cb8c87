import { isMarked } from "./is-marked.ts"

const marker = Symbol.for("sluice.client.ConnectionError")

export interface ConnectionErrorOptions {
  readonly reason: "network" | "timeout"
  /** The address of the API. */
  readonly baseUrl: string
  readonly message: string
  readonly cause?: unknown
}

/** No answer came: nobody listens, the connection broke, or the time was up. Whether the request had an effect is not known. */
export class ConnectionError extends Error {
  readonly [marker] = true
  readonly reason: "network" | "timeout"
  readonly baseUrl: string

  constructor({ reason, baseUrl, message, cause }: ConnectionErrorOptions) {
    super(message, { cause })
    this.name = "ConnectionError"
    this.reason = reason
    this.baseUrl = baseUrl
  }

  /** As `instanceof`, and across copies of this package. */
  static isInstance(error: unknown): error is ConnectionError {
    return isMarked(error, marker)
  }
}
