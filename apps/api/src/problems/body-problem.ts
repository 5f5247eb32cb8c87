import type { z } from "zod"
import { fieldErrors } from "./field-errors.ts"
import { jsonPointer } from "./json-pointer.ts"
import type { Problem } from "./problem.ts"
import { validationProblem } from "./validation-problem.ts"

type Path = readonly PropertyKey[]

export interface BodyProblemOptions {
  /** The whole body, as it was parsed. */
  readonly body: unknown
  /** Where in the body the validated part stands. */
  readonly at?: Path
}

/** The problem for a body that a schema refused, with a JSON Pointer to each field that is wrong. */
export function bodyProblem(error: z.core.$ZodError, { body, at = [] }: BodyProblemOptions): Problem {
  const valueAt = (path: Path) => [...at, ...path].reduce<unknown>(member, body)
  return validationProblem(fieldErrors(error, { valueAt, pointerOf: (path) => jsonPointer([...at, ...path]) }))
}

function member(value: unknown, key: PropertyKey): unknown {
  return typeof value === "object" && value !== null ? Object.getOwnPropertyDescriptor(value, key)?.value : undefined
}
