import type { Request } from "express"
import type { z } from "zod"
import { bodyProblem } from "../../problems/body-problem.ts"

/** The body as its schema has it; throws `validation_failed` with a pointer to each field that is wrong. */
export function parseBody<T>(schema: z.ZodType<T>, { body }: Pick<Request, "body">): T {
  const parsed = schema.safeParse(body)
  if (!parsed.success) throw bodyProblem(parsed.error, { body })
  return parsed.data
}
