import type { Problem } from "../problems/problem.ts"
import { validationProblem } from "../problems/validation-problem.ts"

export function wrongCursor(): Problem {
  const detail = "The cursor is not one of this list. Take it from `nextCursor`, unchanged, or leave it out to begin anew."
  return validationProblem([{ pointer: "query:cursor", code: "invalid_value", detail }])
}
