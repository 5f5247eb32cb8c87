import type { Refusal } from "../wire/refusal.ts"
import { type RequestIssue, typeName } from "../wire/request-issue.ts"
import type { ErrorReply } from "../wire/wire.ts"

const INVALID = "invalid_request_error"
/** Access resumes at a time that no test waits for. */
const SPENDING_LIMIT = "You have reached your specified API usage limits. You will regain access on 2099-01-01 at 00:00 UTC."

/** Status and body with which Anthropic refuses a call. */
export function anthropicErrorReply(refusal: Refusal, requestId: string): ErrorReply {
  const reply = (status: number, type: string, message: string): ErrorReply => ({
    status,
    body: { type: "error", error: { type, message }, request_id: requestId },
  })
  switch (refusal.reason) {
    case "missing_key":
      return reply(401, "authentication_error", "x-api-key header is required")
    case "wrong_key":
      return reply(401, "authentication_error", "invalid x-api-key")
    case "missing_header":
      return reply(400, INVALID, `${refusal.header}: header is required`)
    case "forbidden":
      return reply(403, "permission_error", "Your API key does not have permission to use the specified resource.")
    case "unknown_path":
      return reply(404, "not_found_error", "Not found")
    case "malformed_json":
      return reply(400, INVALID, "The request body is not valid JSON")
    case "body_too_large":
      return reply(413, "request_too_large", "Request exceeds the maximum size")
    case "invalid_request":
      return reply(400, INVALID, describeIssueText(refusal.issue))
    case "unknown_model":
      return reply(404, "not_found_error", `model: ${refusal.model}`)
    case "context_length":
      return reply(400, INVALID, `prompt is too long: ${refusal.tokens} tokens > ${refusal.contextTokens} maximum`)
    case "content_filter":
      return reply(400, INVALID, "Output blocked by content filtering policy")
    case "rate_limited":
      return reply(429, "rate_limit_error", rateLimitMessage(refusal))
    case "quota":
      return reply(400, INVALID, SPENDING_LIMIT)
    case "internal_error":
      return reply(500, "api_error", "Internal server error")
    case "unavailable":
      return reply(503, "api_error", "Service unavailable")
    case "overloaded":
      return reply(529, "overloaded_error", "Overloaded")
  }
}

function rateLimitMessage({ limit }: Extract<Refusal, { reason: "rate_limited" }>): string {
  if (limit === null) return "Number of concurrent connections has exceeded your rate limit. Please try again later."
  const measure = limit.limit === "requests" ? "requests" : "tokens"
  return `This request would exceed your organization's rate limit of ${limit.perMinute} ${measure} per minute. Please reduce the prompt length or the maximum tokens requested, or try again later.`
}

/** `messages.0.content: Input should be a valid string`: an issue as Anthropic writes it. */
function describeIssueText({ path, fault }: RequestIssue): string {
  return `${path.join(".")}: ${describeFault(fault)}`
}

function describeFault(fault: RequestIssue["fault"]): string {
  switch (fault.kind) {
    case "missing":
      return "Field required"
    case "unknown":
      return "Extra inputs are not permitted"
    case "type":
      return `Input should be a valid ${fault.expected}, not ${fault.received}`
    case "value":
      return `Input should be ${fault.options.map((option) => `'${option}'`).join(" or ")}, not '${String(fault.received)}'`
    case "too_small":
      return boundMessage("at least", fault.minimum, fault.of, fault.received)
    case "too_big":
      return boundMessage("at most", fault.maximum, fault.of, fault.received)
    case "rule":
      return fault.message
  }
}

function boundMessage(relation: "at least" | "at most", bound: number, of: "number" | "items" | "characters", received: unknown): string {
  if (of !== "number") return `${typeName(received)} should have ${relation} ${bound} ${of}`
  return `Input should be ${relation === "at least" ? "greater" : "less"} than or equal to ${bound}`
}
