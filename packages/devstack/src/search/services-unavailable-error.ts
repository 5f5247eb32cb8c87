export interface FailedAttempt {
  /** What was tried: "Docker", "redis-server from apt". */
  what: string
  why: string
}

/** Nothing that could serve was found or could be started. Its message lists what was tried, and what to do. */
export class ServicesUnavailableError extends Error {
  override readonly name = "ServicesUnavailableError"
  readonly attempts: readonly FailedAttempt[]

  constructor(service: string, attempts: readonly FailedAttempt[], remedy: string) {
    super(
      [
        `No ${service} could be found or started. Tried:`,
        ...attempts.map(({ what, why }) => `  - ${what}: ${why.replaceAll("\n", "\n    ")}`),
        remedy,
      ].join("\n"),
    )
    this.attempts = attempts
  }
}
