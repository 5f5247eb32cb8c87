import { type FieldError, type ProblemCode, type ProblemDocument, problems } from "@sluice/core"

const details: Partial<Record<ProblemCode, string>> = {
  malformed_json: "The JSON is not valid at line 3, column 14.",
  validation_failed: "1 field is wrong.",
  route_unknown: "There are the routes chat, embed, draw.",
  unauthenticated: "The request has no key. Send `Authorization: Bearer sk_...`.",
  scope_missing: "The key lacks the scope `jobs:write`.",
  not_found: "There is no such job, or the key may not see it, or it has been removed after its retention.",
  conflict: "The job has not ended yet. Cancel it first, or wait for its end.",
  payload_too_large: "The body, also when it is unpacked, may have at most 8388608 bytes.",
  storage_unavailable: "The database does not answer at present. Send the request again in 2 s.",
  internal: "The error was logged under the request id. Trying again may help.",
}

const wrongRole: FieldError = {
  pointer: "#/input/messages/0/role",
  code: "invalid_value",
  detail: 'Expected system, user, assistant or tool; got "bot".',
}

/** A problem document as a caller meets it. */
export function exampleProblem(code: ProblemCode): ProblemDocument {
  const { title, status, retryable, explanation } = problems[code]
  return {
    type: `/problems/${code}`,
    code,
    title,
    status,
    detail: details[code] ?? explanation,
    instance: "/v1/jobs",
    requestId: "req_5f0c6f0e-8f0a-4f5e-9d57-0b8f3f1f7a51",
    retryable,
    errors: code === "validation_failed" ? [wrongRole] : [],
  }
}
