import { z } from "zod"

interface ProblemKind {
  readonly status: number
  readonly title: string
  /** The same request, sent again later, may succeed. */
  readonly retryable: boolean
  /** Served at `/problems/{code}`: what it means and what to do. */
  readonly explanation: string
}

/** Every problem that the API answers with (RFC 9457). The codes are stable. */
export const problems = {
  malformed_json: {
    status: 400,
    title: "The body is not valid JSON",
    retryable: false,
    explanation:
      "The request body could not be read as JSON. The detail says where parsing stopped. Send UTF-8 JSON, complete and without comments.",
  },
  validation_failed: {
    status: 400,
    title: "The request is not valid",
    retryable: false,
    explanation:
      "One or more fields are missing, unknown, of the wrong type or out of range. `errors` lists each with a JSON Pointer into the body, or the name of the query parameter or header.",
  },
  route_unknown: {
    status: 400,
    title: "There is no such route",
    retryable: false,
    explanation: "`route` names a route that the configuration does not have. The detail lists the routes that exist.",
  },
  unauthenticated: {
    status: 401,
    title: "A valid API key is needed",
    retryable: false,
    explanation: "Send `Authorization: Bearer sk_...` with a key that exists, is enabled and has not expired.",
  },
  budget_exhausted: {
    status: 402,
    title: "The budget is used up",
    retryable: true,
    explanation: "The tenant has spent its budget for today. It starts anew at midnight UTC, or when an operator raises it.",
  },
  scope_missing: {
    status: 403,
    title: "The key does not allow this",
    retryable: false,
    explanation: "The key is valid, but lacks the scope that the call needs. The detail names the scope.",
  },
  not_found: {
    status: 404,
    title: "Not found",
    retryable: false,
    explanation:
      "There is nothing under this address that the key may see. What belongs to another tenant, or has been removed after its retention, is not found either.",
  },
  method_not_allowed: {
    status: 405,
    title: "The method is not allowed here",
    retryable: false,
    explanation: "The address exists, but not with this method. The `Allow` header lists those that it has.",
  },
  conflict: {
    status: 409,
    title: "The current state does not allow this",
    retryable: false,
    explanation: "What the call wants to change is not in a state in which it can. The detail says which state it is in.",
  },
  payload_too_large: {
    status: 413,
    title: "The body is too large",
    retryable: false,
    explanation:
      "A request may have at most 8 MiB, also when it is unpacked, unless this installation says less; the detail has the number. Put large images behind a URL instead of a `data:` URL.",
  },
  unsupported_media_type: {
    status: 415,
    title: "The content type is not supported",
    retryable: false,
    explanation: "Send `Content-Type: application/json` in UTF-8, as it is or compressed with gzip, deflate or br.",
  },
  idempotency_key_reused: {
    status: 422,
    title: "The idempotency key was used for another request",
    retryable: false,
    explanation: "An earlier request with this Idempotency-Key had another body. Use a new key for a new request.",
  },
  tenant_rate_limited: {
    status: 429,
    title: "Too many requests",
    retryable: true,
    explanation: "The tenant's requests per minute are used up. Wait as long as `Retry-After` says.",
  },
  tenant_queue_full: {
    status: 429,
    title: "Too many jobs are waiting",
    retryable: true,
    explanation: "The tenant has as many unfinished jobs as it may. Wait as long as `Retry-After` says.",
  },
  internal: {
    status: 500,
    title: "Something went wrong on our side",
    retryable: true,
    explanation:
      "An error that should not happen. It was logged under the request id, which helps whoever operates the service to find it.",
  },
  storage_unavailable: {
    status: 503,
    title: "The storage does not answer",
    retryable: true,
    explanation:
      "The database (or, for calls of operators, Redis) did not answer in time, so nothing was accepted or changed. Send the request again after `Retry-After`, a submission with the same Idempotency-Key.",
  },
} as const satisfies Record<string, ProblemKind>

export type ProblemCode = keyof typeof problems

export function isProblemCode(value: string): value is ProblemCode {
  return Object.hasOwn(problems, value)
}

export const problemCodes: readonly ProblemCode[] = Object.keys(problems).filter(isProblemCode)

/** What `GET /problems/{code}` answers programs with. */
export const problemPage = z
  .strictObject({
    type: z.string(),
    code: z.enum(problemCodes),
    status: z.int(),
    title: z.string(),
    retryable: z.boolean().describe("The same request, sent again later, may succeed."),
    explanation: z.string().describe("What it means, and what to do."),
  })
  .meta({ id: "ProblemPage" })

export const fieldError = z
  .strictObject({
    pointer: z.string().describe("A JSON Pointer into the body (`#/input/messages/0/role`), or `query:NAME`, `header:NAME`."),
    code: z.string(),
    detail: z.string(),
  })
  .meta({ id: "FieldError" })
export type FieldError = z.infer<typeof fieldError>

export const problemDocument = z
  .strictObject({
    type: z.string().describe("A path on this API that explains the problem."),
    code: z.string().describe("Stable, for programs to act on."),
    title: z.string(),
    status: z.int(),
    detail: z.string().describe("What is wrong in this request, and what to do."),
    instance: z.string().describe("The path that was called."),
    requestId: z.string().describe("Under which the logs have it."),
    retryable: z.boolean().describe("The same request, sent again later, may succeed."),
    errors: z.array(fieldError).describe("The first 50 fields that are wrong."),
  })
  .meta({ id: "Problem", description: "What went wrong (RFC 9457)." })
export type ProblemDocument = z.infer<typeof problemDocument>
