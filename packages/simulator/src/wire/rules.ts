import type { RequestIssue } from "./request-issue.ts"

/** A rule between the fields of a request: what is wrong, or null. */
export type Rule<Request> = (request: Request) => RequestIssue | null

/** The first rule that a request breaks. */
export function firstBroken<Request>(rules: readonly Rule<Request>[], request: Request): RequestIssue | null {
  for (const rule of rules) {
    const issue = rule(request)
    if (issue !== null) return issue
  }
  return null
}

/** An issue in the provider's own words. */
export function broken(path: RequestIssue["path"], message: string, code: string | null = null): RequestIssue {
  return { path, fault: { kind: "rule", message, code } }
}
