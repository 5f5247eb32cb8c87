import { z } from "zod"
import type { FailureReport } from "../failure/failure-report.ts"
import { parseDurationMs } from "../headers/parse-duration.ts"

const codeOrStatus = z.union([z.string(), z.number()]).nullish()

/** Google's `details[]`: only what says why, and for how long. */
const detail = z.object({
  reason: z.string().optional(),
  retryDelay: z.string().optional(),
  violations: z.array(z.object({ quotaId: z.string().optional() })).optional(),
})

const errorObject = z.object({
  message: z.string().nullish(),
  type: z.string().nullish(),
  code: codeOrStatus,
  status: codeOrStatus,
  details: z.array(detail).nullish().catch(null),
  innererror: z.object({ code: z.string().nullish() }).nullish().catch(null),
  /** OpenRouter's: who refused, and in what words. */
  metadata: z
    .object({ reasons: z.array(z.string()).optional(), raw: z.string().optional() })
    .nullish()
    .catch(null),
})
type ErrorObject = z.infer<typeof errorObject>

/** The forms that servers of this wire give their errors. Gemini wraps them in an array. */
const errorBody = z.union([
  z.object({ error: errorObject }),
  z.object({ error: z.string() }).transform(({ error }) => ({ error: { message: error } })),
  /** An older vLLM puts the error at the top. */
  z
    .object({ object: z.literal("error"), message: z.string(), type: z.string().nullish(), code: codeOrStatus })
    .transform((error) => ({ error })),
  /** Azure's gateway. */
  z
    .object({ statusCode: z.number(), message: z.string() })
    .transform(({ statusCode, message }) => ({ error: { message, code: statusCode } })),
  /** FastAPI, under many a self-hosted server. */
  z.object({ detail: z.string() }).transform(({ detail: message }) => ({ error: { message } })),
  /** OpenRouter: the model failed in mid-answer. */
  z.object({ choices: z.tuple([z.object({ error: errorObject })]).rest(z.unknown()) }).transform(({ choices: [{ error }] }) => ({ error })),
  z.object({ promptFeedback: z.object({ blockReason: z.string() }) }).transform(({ promptFeedback }) => ({
    error: { code: "content_filter", message: `the prompt was blocked (${promptFeedback.blockReason})` },
  })),
])

/** The HTTP status behind a code, for errors that come inside HTTP 200. */
const statusOfCode: Readonly<Record<string, number>> = {
  rate_limit_exceeded: 429,
  rate_limit_error: 429,
  slow_down: 429,
  requests: 429,
  tokens: 429,
  insufficient_quota: 429,
  RESOURCE_EXHAUSTED: 429,
  server_is_overloaded: 503,
  service_unavailable_error: 503,
  overloaded_error: 529,
  UNAVAILABLE: 503,
  server_error: 500,
  internal_error: 500,
  INTERNAL: 500,
  DEADLINE_EXCEEDED: 504,
  timeout: 504,
  invalid_api_key: 401,
  authentication_error: 401,
  UNAUTHENTICATED: 401,
  permission_error: 403,
  PERMISSION_DENIED: 403,
  model_not_found: 404,
  NOT_FOUND: 404,
  content_filter: 400,
  context_length_exceeded: 400,
  invalid_request_error: 400,
  INVALID_ARGUMENT: 400,
  // Azure's own
  RateLimitReached: 429,
  NoCapacity: 429,
  ServiceUnavailable: 503,
  InternalServerError: 500,
  DeploymentNotFound: 404,
}

/** What a body of OpenAI's wire, or of one that follows it, says of a failure. Null when it reports none. */
export function readOpenaiFailure(body: unknown): FailureReport | null {
  const { data } = errorBody.safeParse(Array.isArray(body) ? body[0] : body)
  if (data === undefined) return null
  const error: ErrorObject = { details: null, innererror: null, metadata: null, ...data.error }
  const codes = codesOf(error)
  return {
    codes,
    words: wordsOf(error),
    retryAfterMs: retryDelayMs(error),
    impliedStatus: codes.map(impliedStatus).find((status) => status !== null) ?? null,
  }
}

function codesOf(error: ErrorObject): string[] {
  const details = error.details ?? []
  const given = [
    error.code,
    error.innererror?.code,
    error.type,
    error.status,
    ...details.map(({ reason }) => reason),
    ...details.flatMap(({ violations = [] }) => violations.map(({ quotaId }) => quotaId)),
    error.metadata?.reasons === undefined ? null : "flagged_input",
  ]
  const codes = given.filter((code) => code !== null && code !== undefined && code !== "").map(String)
  // A number only repeats the status, so that a name says more.
  return [...codes.filter((code) => !isNumber(code)), ...codes.filter(isNumber)]
}

function isNumber(code: string): boolean {
  return /^\d+$/.test(code)
}

function wordsOf({ message, metadata }: ErrorObject): string {
  return [message ?? "", metadata?.raw ?? ""].filter((words) => words !== "").join(": ")
}

function retryDelayMs({ details }: ErrorObject): number | null {
  const delay = details?.find(({ retryDelay }) => retryDelay !== undefined)?.retryDelay
  return delay === undefined ? null : parseDurationMs(delay)
}

function impliedStatus(code: string): number | null {
  const status = Number(code)
  if (Number.isInteger(status) && status >= 400 && status < 600) return status
  return statusOfCode[code] ?? null
}
