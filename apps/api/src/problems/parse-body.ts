import type { z } from "zod"
import { bodyProblem } from "./body-problem.ts"

/** Validates a body; throws `validation_failed` with a JSON Pointer to each field that is wrong. */
export function parseBody<T>(schema: z.ZodType<T>, body: unknown): T {
  const result = schema.safeParse(body)
  if (!result.success) throw bodyProblem(result.error, { body })
  return result.data
}
