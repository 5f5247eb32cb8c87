import type { FieldError } from "@sluice/core"
import type { z } from "zod"
import { expectationOf } from "./describe-issue.ts"
import { echoValue } from "./echo-value.ts"

type Issue = z.core.$ZodIssue
type Path = readonly PropertyKey[]

/** Fields whose value is never repeated in an answer. */
const secretFields: ReadonlySet<PropertyKey> = new Set(["secret"])

export interface FieldErrorsOptions {
  /** What stands at a path, to say what was got; undefined where nothing does. */
  readonly valueAt: (path: Path) => unknown
  /** Names a place: a JSON Pointer, or `query:NAME`. */
  readonly pointerOf: (path: Path) => string
  /** What a caller knows such a place as. Default `field`. */
  readonly noun?: string
}

/** One error for each thing that a caller has to change, each pointing at the place itself. */
export function fieldErrors(error: z.core.$ZodError, { valueAt, pointerOf, noun = "field" }: FieldErrorsOptions): FieldError[] {
  return error.issues
    .flatMap((issue) => leaves(issue, []))
    .map(({ issue, path }) => {
      const found = valueAt(path)
      return { pointer: pointerOf(path), code: codeOf(issue, found), detail: detailOf({ issue, path, found, noun }) }
    })
}

interface Leaf {
  readonly issue: Issue
  readonly path: Path
}

/** Splits issues about several keys, and descends into the branch of a union that the caller most probably meant. */
function leaves(issue: Issue, parent: Path): Leaf[] {
  const path = [...parent, ...issue.path]
  if (issue.code === "unrecognized_keys") return issue.keys.map((key) => ({ issue, path: [...path, key] }))
  if (issue.code !== "invalid_union") return [{ issue, path }]
  const meant = issue.errors.filter((branch) => !branch.some(isWrongAtTheRoot))
  const [only] = meant
  return only !== undefined && meant.length === 1 ? only.flatMap((inner) => leaves(inner, path)) : [{ issue, path }]
}

/** The value is not even of the kind that the branch takes. */
function isWrongAtTheRoot(issue: Issue): boolean {
  return issue.path.length === 0 && (issue.code === "invalid_type" || issue.code === "invalid_value")
}

const codes: Partial<Record<Issue["code"], string>> = {
  unrecognized_keys: "unknown_field",
  invalid_union: "invalid_value",
  not_multiple_of: "invalid_value",
  custom: "invalid_value",
}

function codeOf(issue: Issue, found: unknown): string {
  if (found === undefined) return "required"
  return codes[issue.code] ?? issue.code
}

function detailOf({ issue, path, found, noun }: Leaf & { readonly found: unknown; readonly noun: string }): string {
  if (issue.code === "unrecognized_keys") return `There is no such ${noun}.`
  const expectation = expectationOf(issue)
  if (found === undefined) return `${expectation}; the ${noun} is missing.`
  if (issue.code === "custom" || issue.code === "invalid_key") return `${expectation}.`
  if (path.some((key) => secretFields.has(key))) return `${expectation}.`
  return `${expectation}; got ${countOf(issue, found) ?? echoValue(found)}.`
}

/** For limits on size, the size is more telling than the content. */
function countOf(issue: Issue, found: unknown): string | null {
  if (issue.code !== "too_small" && issue.code !== "too_big") return null
  return typeof found === "string" && issue.origin === "string" ? `${found.length}` : Array.isArray(found) ? `${found.length}` : null
}
