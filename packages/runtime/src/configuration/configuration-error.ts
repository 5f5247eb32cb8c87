/** One thing that is wrong with the configuration. */
export interface ConfigurationIssue {
  /** Counted from 1; null when the file as a whole is meant, e.g. because it does not exist. */
  readonly line: number | null
  /** Counted from 1, in UTF-16 code units. */
  readonly column: number | null
  /** E.g. `routes.chat.tiers[0].endpoints[1]`; empty for the whole file. */
  readonly path: string
  readonly message: string
}

function byPosition(a: ConfigurationIssue, b: ConfigurationIssue): number {
  return (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0)
}

function formatIssue(fileName: string, issue: ConfigurationIssue): string {
  const position = issue.line === null ? fileName : `${fileName}:${issue.line}:${issue.column ?? 1}`
  return issue.path === "" ? `${position}: ${issue.message}` : `${position} ${issue.path}: ${issue.message}`
}

/** The configuration cannot be used. Its message has one line per issue, in the order of the file. */
export class ConfigurationError extends Error {
  readonly fileName: string
  readonly issues: readonly ConfigurationIssue[]

  constructor(options: { fileName: string; issues: readonly ConfigurationIssue[]; cause?: unknown }) {
    const issues = options.issues.toSorted(byPosition)
    super(issues.map((issue) => formatIssue(options.fileName, issue)).join("\n"), { cause: options.cause })
    this.name = "ConfigurationError"
    this.fileName = options.fileName
    this.issues = issues
  }
}
