import { z } from "zod"
import type { FailureReport } from "../failure/failure-report.ts"

const text = z.string().min(1)
const code = z.union([text, z.number()]).nullish().catch(null)

const described = z.object({
  message: text.nullish().catch(null),
  detail: text.nullish().catch(null),
  title: text.nullish().catch(null),
  error_description: text.nullish().catch(null),
  code,
  type: code,
})

/** The usual ways to tell of a failure: an `error` that is an object or a text, RFC 9457, OAuth, a plain `message`. */
const errorBody = z.union([
  z.object({ error: described }).transform(({ error }) => error),
  z.object({ error: text, message: text.nullish().catch(null), error_description: text.nullish().catch(null) }).transform((body) => ({
    ...body,
    message: body.message ?? body.error_description ?? body.error,
    code: body.error,
  })),
  described,
])

/** What the body of any JSON API seems to say of a failure. Null when it says nothing that is known here. */
export function readHttpFailure(body: unknown): FailureReport | null {
  const { data } = errorBody.safeParse(body)
  if (data === undefined) return null
  const error: Partial<z.infer<typeof described>> = data
  const words = error.message ?? error.detail ?? error.error_description ?? error.title ?? ""
  const codes = [error.code, error.type].filter((given) => given !== null && given !== undefined).map(String)
  return words === "" && codes.length === 0 ? null : { codes, words, retryAfterMs: null, impliedStatus: null }
}
