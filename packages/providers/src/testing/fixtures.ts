import { readFileSync } from "node:fs"
import { providerErrorTypes } from "@sluice/core"
import { z } from "zod"

const answer = z.object({
  status: z.int(),
  headers: z.record(z.string(), z.string()),
  /** Text is sent as it is, all else as JSON. */
  body: z.json(),
})
/** An answer as a provider sends it. */
export type AnswerFixture = z.infer<typeof answer>

const errorCase = answer.extend({
  name: z.string(),
  /** What the caller wrote, where the answer echoes it. */
  prompt: z.string().optional(),
  expected: z.strictObject({
    type: z.enum(providerErrorTypes),
    code: z.string().nullable(),
    retryAfterMs: z.number().nullable(),
    /** Without the endpoint's name. */
    message: z.string().optional(),
  }),
})
export type ErrorCase = z.infer<typeof errorCase>

export function readAnswerFixture(file: URL): AnswerFixture {
  return answer.parse(JSON.parse(readFileSync(file, "utf8")))
}

export function readErrorCases(file: URL): ErrorCase[] {
  return z
    .array(errorCase)
    .min(1)
    .parse(JSON.parse(readFileSync(file, "utf8")))
}

export function bodyText({ body }: Pick<AnswerFixture, "body">): string {
  return typeof body === "string" ? body : JSON.stringify(body)
}
