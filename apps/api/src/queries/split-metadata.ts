import type { FieldError } from "@sluice/core"
import { validationProblem } from "../problems/validation-problem.ts"
import { type QueryParameters, queryPointer } from "./read-query.ts"

const prefix = "metadata."
const maxKeyChars = 64
const maxValueChars = 512

/** `metadata.KEY=value` parameters are filters of their own; the others go through a schema. Throws `validation_failed`. */
export function splitMetadata(parameters: QueryParameters): { metadata: Record<string, string> | undefined; others: QueryParameters } {
  const entries = Object.entries(parameters)
  const filters = entries.filter(([name]) => name.startsWith(prefix))
  const errors = filters.filter(([name, value]) => !isMetadata(name.slice(prefix.length), value)).map(([name]) => wrongMetadata(name))
  if (errors.length > 0) throw validationProblem(errors)
  const metadata = Object.fromEntries(filters.map(([name, value]) => [name.slice(prefix.length), value]))
  return {
    metadata: filters.length > 0 ? metadata : undefined,
    others: Object.fromEntries(entries.filter(([name]) => !name.startsWith(prefix))),
  }
}

function isMetadata(key: string, value: string): boolean {
  return key.length > 0 && key.length <= maxKeyChars && value.length <= maxValueChars
}

function wrongMetadata(name: string): FieldError {
  const detail = `Expected metadata.KEY=VALUE with a key of 1 to ${maxKeyChars} and a value of at most ${maxValueChars} characters.`
  return { pointer: queryPointer(name), code: "invalid_value", detail }
}
