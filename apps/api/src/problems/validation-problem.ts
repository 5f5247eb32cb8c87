import type { FieldError } from "@sluice/core"
import { Problem } from "./problem.ts"

const maxErrorsListed = 50

/** The problem for a request of which one or more fields, parameters or headers are wrong. Lists the first 50. */
export function validationProblem(errors: readonly FieldError[]): Problem {
  const count = errors.length === 1 ? "1 field is wrong." : `${errors.length} fields are wrong.`
  const cut = errors.length > maxErrorsListed ? ` The first ${maxErrorsListed} are listed.` : ""
  return new Problem({ code: "validation_failed", detail: count + cut, errors: errors.slice(0, maxErrorsListed) })
}

/** The problem for a request header with a value that cannot be used. */
export function headerProblem({ name, detail }: { readonly name: string; readonly detail: string }): Problem {
  return validationProblem([{ pointer: `header:${name}`, code: "invalid_value", detail }])
}
