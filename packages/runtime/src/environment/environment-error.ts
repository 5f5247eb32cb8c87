export interface EnvironmentIssue {
  readonly variable: string
  readonly message: string
}

/** The environment cannot be used. Its message has one line per variable, never a value, since values may be secret. */
export class EnvironmentError extends Error {
  readonly issues: readonly EnvironmentIssue[]

  constructor(issues: readonly EnvironmentIssue[]) {
    super(issues.map(({ variable, message }) => `Environment variable ${variable}: ${message}.`).join("\n"))
    this.name = "EnvironmentError"
    this.issues = issues
  }
}
