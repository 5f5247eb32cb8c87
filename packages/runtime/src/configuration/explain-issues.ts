import { nearestName } from "@sluice/core"
import type { z } from "zod"
import type { Target } from "./locate.ts"

/** An issue of the schema, flattened: one thing at one place. */
export interface Fault {
  readonly path: readonly PropertyKey[]
  readonly target: Target
  readonly message: string
  /** The rest of the file can be judged as if this were not there. */
  readonly isUnknownKey: boolean
}

/** The names that were known where zod met unknown ones, by the list of keys it reports. */
export type KnownNames = ReadonlyMap<readonly string[], readonly string[]>

type Issue = z.core.$ZodIssue

function unknownKey(name: string, known: readonly string[]): string {
  const nearest = nearestName(name, known)
  if (nearest !== null) return `Unknown key. Did you mean ${nearest}?`
  return known.length === 0 ? "Unknown key." : `Unknown key. Known: ${known.join(", ")}.`
}

function isAboutTheWhole(issue: Issue): boolean {
  return issue.path.length === 0 && (issue.code === "invalid_type" || issue.code === "invalid_value")
}

const mostFormsTold = 2

/**
 * Of the branches of a union, the one that was meant is the one whose kind of value stands there: its issues say more than
 * "matches nothing". If none was, the branches are told one after the other, unless they are many.
 */
function explainUnion(issue: Issue & { code: "invalid_union" }, whole: Fault, known: KnownNames): Fault[] {
  const meant = issue.errors.filter((branch) => !branch.some(isAboutTheWhole))
  const [only] = meant
  if (only !== undefined && meant.length === 1) return explainIssues(only, known, whole.path)
  if (meant.length > 0 || issue.errors.length === 0 || issue.errors.length > mostFormsTold) return [whole]
  const messages = new Set(issue.errors.flatMap((branch) => branch.filter(isAboutTheWhole).map(({ message }) => message)))
  return [{ ...whole, message: [...messages].join(" Or: ") }]
}

/** Flattens what zod reports, so that each fault has the path of the text that has to change. */
export function explainIssues(issues: readonly Issue[], known: KnownNames, prefix: readonly PropertyKey[] = []): Fault[] {
  return issues.flatMap((issue): Fault[] => {
    const path = [...prefix, ...issue.path]
    const whole: Fault = { path, target: "value", message: issue.message, isUnknownKey: false }
    switch (issue.code) {
      case "unrecognized_keys": {
        const names = known.get(issue.keys) ?? []
        return issue.keys.map((key) => ({ path: [...path, key], target: "key", message: unknownKey(key, names), isUnknownKey: true }))
      }
      case "invalid_key":
        return [{ ...whole, target: "key", message: issue.issues.map(({ message }) => message).join(" ") }]
      case "invalid_union":
        return explainUnion(issue, whole, known)
      default:
        return [whole]
    }
  })
}
