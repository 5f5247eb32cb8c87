import { goDuration } from "../limits/go-duration.ts"
import type { Refusal } from "../wire/refusal.ts"
import { type RequestIssue, typeName } from "../wire/request-issue.ts"
import type { ErrorReply } from "../wire/wire.ts"

const INVALID = "invalid_request_error"

/** Status and body with which OpenAI refuses a call. */
export function openaiErrorReply(refusal: Refusal): ErrorReply {
  switch (refusal.reason) {
    case "missing_key":
      return reply(
        401,
        "You didn't provide an API key. You need to provide your API key in an Authorization header using Bearer auth (i.e. Authorization: Bearer YOUR_KEY).",
        INVALID,
      )
    case "wrong_key":
      return reply(
        401,
        `Incorrect API key provided: ${maskKey(refusal.key)}. You can find your API key at https://platform.openai.com/account/api-keys.`,
        INVALID,
        "invalid_api_key",
      )
    case "missing_header":
      return reply(400, `Missing required header: '${refusal.header}'.`, INVALID)
    case "forbidden":
      return reply(403, "Country, region, or territory not supported", "request_forbidden", "unsupported_country_region_territory")
    case "unknown_path":
      return reply(404, `Invalid URL (${refusal.method} ${refusal.path})`, INVALID)
    case "malformed_json":
      return reply(
        400,
        "We could not parse the JSON body of your request. (HINT: This likely means you aren't using your HTTP library correctly.)",
        INVALID,
      )
    case "body_too_large":
      return reply(413, `Maximum content size limit (${refusal.maxBytes}) exceeded.`, INVALID)
    case "invalid_request":
      return issueReply(refusal.issue)
    case "unknown_model":
      return reply(404, `The model \`${refusal.model}\` does not exist or you do not have access to it.`, INVALID, "model_not_found")
    case "context_length":
      return reply(400, contextLengthMessage(refusal.contextTokens, refusal.tokens), INVALID, "context_length_exceeded", "messages")
    case "content_filter":
      return reply(400, "Your request was rejected as a result of our safety system.", INVALID, "content_policy_violation")
    case "rate_limited":
      return rateLimitReply(refusal)
    case "quota":
      return reply(
        429,
        "You exceeded your current quota, please check your plan and billing details.",
        "insufficient_quota",
        "credit_balance_exhausted",
      )
    case "internal_error":
      return reply(500, "The server had an error while processing your request. Sorry about that!", "server_error")
    case "unavailable":
      return reply(503, "The engine is currently overloaded, please try again later.", "service_unavailable_error", "server_is_overloaded")
    case "overloaded":
      return reply(529, "The model is overloaded with other requests.", "service_unavailable_error", "server_is_overloaded")
  }
}

function contextLengthMessage(contextTokens: number, tokens: number): string {
  return `This model's maximum context length is ${contextTokens} tokens. However, your messages resulted in ${tokens} tokens. Please reduce the length of the messages.`
}

function reply(status: number, message: string, type: string, code: string | null = null, param: string | null = null): ErrorReply {
  return { status, body: { error: { message, type, param, code } } }
}

function maskKey(key: string): string {
  return key.length <= 8 ? "*".repeat(key.length) : `${key.slice(0, 4)}${"*".repeat(key.length - 8)}${key.slice(-4)}`
}

function rateLimitReply({ model, limit }: Extract<Refusal, { reason: "rate_limited" }>): ErrorReply {
  if (limit === null) return reply(429, "Slow down: please reduce your request rate and try again.", "rate_limit_error", "slow_down")
  const measure = limit.limit === "requests" ? "requests per min (RPM)" : "tokens per min (TPM)"
  const where = `for ${model} in organization org-simulated on ${measure}: Limit ${limit.perMinute}`
  const message =
    limit.waitMs === null
      ? `Request too large ${where}, Requested ${limit.requested}. The input or output tokens must be reduced in order to run successfully.`
      : `Rate limit reached ${where}, Used ${limit.perMinute - limit.remaining}, Requested ${limit.requested}. Please try again in ${goDuration(limit.waitMs)}.`
  return reply(429, message, limit.limit, "rate_limit_exceeded")
}

function issueReply(issue: RequestIssue): ErrorReply {
  const param = writePath(issue.path)
  const { message, code } = describeFault(issue.fault, param)
  return reply(400, message, INVALID, code, param)
}

/** `messages[0].content`: the way to a field as OpenAI writes it. */
function writePath(path: RequestIssue["path"]): string {
  return path.reduce<string>(
    (written, key) => (typeof key === "number" ? `${written}[${key}]` : written === "" ? key : `${written}.${key}`),
    "",
  )
}

function describeFault(fault: RequestIssue["fault"], param: string): { message: string; code: string | null } {
  switch (fault.kind) {
    case "missing":
      return { message: `Missing required parameter: '${param}'.`, code: "missing_required_parameter" }
    case "unknown":
      return { message: `Unknown parameter: '${param}'.`, code: "unknown_parameter" }
    case "type":
      return {
        message: `Invalid type for '${param}': expected ${fault.expected}, but got ${fault.received} instead.`,
        code: "invalid_type",
      }
    case "value":
      return {
        message: `Invalid value: '${String(fault.received)}'. Supported values are: ${fault.options.map((option) => `'${option}'`).join(", ")}.`,
        code: "invalid_value",
      }
    case "too_small":
      return { message: boundMessage(param, fault.of, `>= ${fault.minimum}`, fault.received), code: boundCode(fault.of, "below_min") }
    case "too_big":
      return { message: boundMessage(param, fault.of, `<= ${fault.maximum}`, fault.received), code: boundCode(fault.of, "above_max") }
    case "rule":
      return { message: fault.message, code: fault.code }
  }
}

type Measured = "number" | "items" | "characters"

function boundMessage(param: string, of: Measured, bound: string, received: unknown): string {
  if (of === "number")
    return `Invalid '${param}': ${typeName(received)} out of range. Expected a value ${bound}, but got ${String(received)} instead.`
  return `Invalid '${param}': ${of === "items" ? "array" : "string"} of the wrong length. Expected ${bound} ${of}.`
}

function boundCode(of: Measured, bound: "below_min" | "above_max"): string {
  if (of === "number") return `integer_${bound}_value`
  return `${of === "items" ? "array" : "string"}_${bound}_length`
}
