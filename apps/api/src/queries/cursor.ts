import { jobId } from "@sluice/core"
import type { z } from "zod"
import { validationProblem } from "../problems/validation-problem.ts"

const version = "1:"

/** Where the next page of a list begins. Opaque to callers, so that what it holds may change. */
export function encodeCursor(lastId: string): string {
  return Buffer.from(version + lastId).toString("base64url")
}

/** The id of the last item of the page before, a job unless told otherwise. Throws `validation_failed` for a cursor that was not made here. */
export function decodeCursor(cursor: string, idSchema: z.ZodType<string> = jobId): string {
  const text = Buffer.from(cursor, "base64url").toString("latin1")
  const id = idSchema.safeParse(text.slice(version.length))
  if (id.success && cursor === encodeCursor(id.data)) return id.data
  const detail = "The cursor is not one of this list. Take it from `nextCursor`, unchanged, or leave it out to begin anew."
  throw validationProblem([{ pointer: "query:cursor", code: "invalid_value", detail }])
}
