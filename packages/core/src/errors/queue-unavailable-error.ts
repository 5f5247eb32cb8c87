/** Redis did not answer within the budget. The job is safe in the store; a sweep enqueues it later. */
export class QueueUnavailableError extends Error {
  constructor(options: { message: string; cause?: unknown }) {
    super(options.message, { cause: options.cause })
    this.name = "QueueUnavailableError"
  }
}
