import { type Configuration, configuration } from "@sluice/core"
import { explainIssues, type Fault } from "./explain-issues.ts"
import { maskFaults } from "./mask-faults.ts"
import { knownNames, messageForIssue } from "./message-for-issue.ts"

export type Validation =
  | { readonly ok: true; readonly configuration: Configuration }
  | { readonly ok: false; readonly faults: readonly Fault[] }

function check(value: unknown): Validation {
  const known = new Map<readonly string[], readonly string[]>()
  const result = configuration.safeParse(value, {
    error: (issue) => {
      if (issue.code === "unrecognized_keys") known.set(issue.keys, knownNames(issue.inst))
      return messageForIssue(issue)
    },
  })
  if (result.success) return { ok: true, configuration: result.data }
  return { ok: false, faults: explainIssues(result.error.issues, known) }
}

function startsWith(path: readonly PropertyKey[], start: readonly PropertyKey[]): boolean {
  return start.every((segment, index) => path[index] === segment)
}

/**
 * Judges the values of a configuration file, and finds all its faults at once. The schema leaves out its checks across sections
 * as long as a section is faulty, so those run again over the same values with the faulty parts masked.
 */
export function validate(value: unknown): Validation {
  const first = check(value)
  if (first.ok) return first
  const masked = maskFaults(value, first.faults)
  const second = masked === null ? first : check(masked)
  if (second.ok) return first
  // What is reported above a masked part, or in it, may come from the mask.
  const further = second.faults.filter(
    ({ path }) => !first.faults.some((fault) => startsWith(fault.path, path) || startsWith(path, fault.path)),
  )
  return { ok: false, faults: [...first.faults, ...further] }
}
