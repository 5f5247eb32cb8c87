import type { ProblemCode } from "@sluice/core"
import type { Problem } from "../../problems/problem.ts"
import { problemOf } from "../../problems/problem-of.ts"
import { OpenaiError, type OpenaiErrorOptions } from "./openai-error.ts"
import { paramOf } from "./param-of.ts"

/** How a problem of this API looks to OpenAI's clients, where its status alone does not say it all. */
type Face = Pick<OpenaiErrorOptions, "type" | "code"> & Partial<Pick<OpenaiErrorOptions, "status" | "isRetried">>

const faces: Readonly<Record<ProblemCode, Face>> = {
  malformed_json: { type: "invalid_request_error", code: "invalid_json" },
  validation_failed: { type: "invalid_request_error", code: "invalid_value" },
  route_unknown: { type: "invalid_request_error", code: "model_not_found", status: 404 },
  unauthenticated: { type: "authentication_error", code: "invalid_api_key" },
  // OpenAI's own answer to an account without money; a client that tries again at once gets nothing by it.
  budget_exhausted: { type: "insufficient_quota", code: "insufficient_quota", status: 429, isRetried: false },
  scope_missing: { type: "permission_error", code: "insufficient_permissions" },
  not_found: { type: "invalid_request_error", code: "not_found" },
  method_not_allowed: { type: "invalid_request_error", code: "method_not_allowed" },
  conflict: { type: "invalid_request_error", code: "conflict" },
  payload_too_large: { type: "invalid_request_error", code: "payload_too_large" },
  unsupported_media_type: { type: "invalid_request_error", code: "unsupported_media_type" },
  idempotency_key_reused: { type: "invalid_request_error", code: "idempotency_key_reused" },
  tenant_rate_limited: { type: "rate_limit_error", code: "rate_limit_exceeded" },
  tenant_queue_full: { type: "rate_limit_error", code: "queue_full" },
  internal: { type: "server_error", code: "internal_error" },
  storage_unavailable: { type: "server_error", code: "storage_unavailable" },
}

/** Whatever was thrown, in OpenAI's form. */
export function openaiErrorOf(error: unknown): OpenaiError {
  if (error instanceof OpenaiError) return error
  return fromProblem(problemOf(error))
}

function fromProblem(problem: Problem): OpenaiError {
  const { code, status, headers, errors, message, cause } = problem
  const [first] = errors
  return new OpenaiError({
    status,
    headers,
    cause: cause ?? problem,
    ...faces[code],
    param: first ? paramOf(first.pointer) : null,
    message: first ? errors.map(({ pointer, detail }) => `${paramOf(pointer)}: ${detail}`).join(" ") : message,
  })
}
