import { openaiErrorReply } from "../openai/errors.ts"
import type { Refusal } from "../wire/refusal.ts"
import type { ErrorReply } from "../wire/wire.ts"
import { REFUSED_PROMPT } from "./content-filter.ts"

/**
 * Status and body with which Azure refuses a call. What its gateway decides has codes of its own; what the model
 * behind it decides reads as at OpenAI.
 */
export function azureErrorReply(refusal: Refusal): ErrorReply {
  switch (refusal.reason) {
    case "missing_key":
    case "wrong_key":
      return reply(
        401,
        "401",
        "Access denied due to invalid subscription key or wrong API endpoint. Make sure to provide a valid key for an active subscription and use a correct regional API endpoint for your resource.",
      )
    case "forbidden":
      return reply(403, "Forbidden", "Access denied due to Virtual Network/Firewall rules.")
    case "unknown_path":
      return reply(404, "404", "Resource not found")
    case "unknown_model":
      return reply(
        404,
        "DeploymentNotFound",
        `The API deployment ${refusal.model} for this resource does not exist. If you created the deployment within the last 5 minutes, please wait a moment and try again.`,
      )
    case "content_filter":
      return contentFilterReply()
    case "rate_limited":
      return rateLimitReply(refusal)
    case "quota":
      return reply(429, "insufficient_quota", "You exceeded your current quota, please check your plan and billing details.")
    case "internal_error":
      return reply(500, "InternalServerError", "The server had an error while processing your request. Sorry about that!")
    case "unavailable":
      return reply(503, "ServiceUnavailable", "The service is temporarily unable to process your request. Please try again later.")
    case "overloaded":
      return reply(429, "429", "The system is currently experiencing high demand and cannot process your request. Please try again later.")
    case "missing_header":
    case "malformed_json":
    case "body_too_large":
    case "invalid_request":
    case "context_length":
      return openaiErrorReply(refusal)
  }
}

function reply(status: number, code: string, message: string): ErrorReply {
  return { status, body: { error: { code, message } } }
}

function rateLimitReply({ limit }: Extract<Refusal, { reason: "rate_limited" }>): ErrorReply {
  const exceeded = `Requests to the deployment have exceeded the ${limit?.limit === "tokens" ? "token" : "call"} rate limit`
  if (limit === null) return reply(429, "429", `${exceeded} of your pricing tier. Please retry later.`)
  const advice =
    limit.waitMs === null
      ? "The request is larger than the whole allowance."
      : `Please retry after ${Math.ceil(limit.waitMs / 1000)} seconds.`
  return reply(429, "429", `${exceeded} of ${limit.perMinute} per minute of your pricing tier. ${advice}`)
}

function contentFilterReply(): ErrorReply {
  const error = {
    message:
      "The response was filtered due to the prompt triggering Azure OpenAI's content management policy. Please modify your prompt and retry.",
    type: null,
    param: "prompt",
    code: "content_filter",
    status: 400,
    innererror: { code: "ResponsibleAIPolicyViolation", content_filter_result: REFUSED_PROMPT },
  }
  return { status: 400, body: { error } }
}
