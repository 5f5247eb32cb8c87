import { z } from "zod"
import type { FailureReport } from "../failure/failure-report.ts"

const errorBody = z.object({
  type: z.literal("error").optional(),
  error: z.object({
    type: z.string().nullish(),
    message: z.string().nullish(),
    /** Names the cause where the type is too broad. */
    details: z.object({ error_code: z.string().nullish() }).nullish().catch(null),
  }),
})

/** The HTTP status that belongs to a type, for errors that come inside HTTP 200. */
const statusOfType: Readonly<Record<string, number>> = {
  invalid_request_error: 400,
  authentication_error: 401,
  billing_error: 402,
  permission_error: 403,
  not_found_error: 404,
  request_too_large: 413,
  rate_limit_error: 429,
  api_error: 500,
  timeout_error: 504,
  overloaded_error: 529,
}

/** What a body of Anthropic's wire says of a failure. Null when it reports none. */
export function readAnthropicFailure(body: unknown): FailureReport | null {
  const { data } = errorBody.safeParse(body)
  if (data === undefined) return null
  const { type, message, details } = data.error
  return {
    codes: [details?.error_code, type].filter((code) => code !== null && code !== undefined),
    words: message ?? "",
    retryAfterMs: null,
    impliedStatus: statusOfType[type ?? ""] ?? null,
  }
}
