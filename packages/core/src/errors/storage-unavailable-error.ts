/** The database could not acknowledge within its time. Nothing is known to have been stored; the caller may try again. */
export class StorageUnavailableError extends Error {
  /** When it is worth trying again. */
  readonly retryAfterMs: number

  constructor(options: { message: string; retryAfterMs?: number; cause?: unknown }) {
    super(options.message, { cause: options.cause })
    this.name = "StorageUnavailableError"
    this.retryAfterMs = options.retryAfterMs ?? 2_000
  }
}
