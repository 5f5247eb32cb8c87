import type { Refusal } from "../wire/refusal.ts"
import type { ErrorReply } from "../wire/wire.ts"
import { transformNames } from "./transform-operation.ts"

/** Status and body with which a plain JSON service refuses a call: `{"error": {"code", "message"}}`. */
export function customErrorReply(refusal: Refusal): ErrorReply {
  switch (refusal.reason) {
    case "missing_key":
      return reply(401, "unauthorized", "Send a key as Authorization: Bearer KEY or as x-api-key.")
    case "wrong_key":
      return reply(401, "unauthorized", "The key is not known.")
    case "missing_header":
      return reply(400, "missing_header", `The header ${refusal.header} is missing.`)
    case "forbidden":
      return reply(403, "forbidden", "The key may not do this.")
    case "unknown_path":
      return reply(
        404,
        "not_found",
        `There is no ${refusal.method} ${refusal.path}. There is POST /custom/{${transformNames.join(" | ")}}.`,
      )
    case "malformed_json":
      return reply(400, "malformed_json", "The body is not JSON.")
    case "body_too_large":
      return reply(413, "body_too_large", `The body is larger than ${refusal.maxBytes} bytes.`)
    case "invalid_request":
      return reply(400, "invalid_request", `${refusal.issue.path.join(".")} is not valid.`)
    case "unknown_model":
      return reply(404, "unknown_model", `There is no model ${refusal.model}.`)
    case "context_length":
      return reply(400, "input_too_long", `The input has ${refusal.tokens} tokens; ${refusal.contextTokens} are allowed.`)
    case "content_filter":
      return reply(400, "content_filter", "The input was withheld by the content filter.")
    case "rate_limited":
      return reply(429, "rate_limited", "Too many requests.")
    case "quota":
      return reply(402, "quota_exceeded", "The credit is used up.")
    case "internal_error":
      return reply(500, "internal_error", "Something went wrong here.")
    case "unavailable":
      return reply(503, "unavailable", "The service is unavailable.")
    case "overloaded":
      return reply(529, "overloaded", "The service is overloaded.")
  }
}

function reply(status: number, code: string, message: string): ErrorReply {
  return { status, body: { error: { code, message } } }
}
