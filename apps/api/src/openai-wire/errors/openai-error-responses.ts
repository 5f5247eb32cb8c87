import type { ErrorRequestHandler, Response } from "express"
import { BodyCutOffError } from "../../middleware/json-body/collect-body.ts"
import { type DiscardLimits, discardBody } from "../../middleware/json-body/discard-body.ts"
import { sendJson } from "../../responses/send-json.ts"
import type { OpenaiError } from "./openai-error.ts"
import { openaiErrorOf } from "./openai-error-of.ts"

export interface OpenaiErrorResponsesOptions {
  /** How much of a refused body is read for the caller's sake. */
  readonly discard?: DiscardLimits
}

/** Answers whatever was thrown under this wire in OpenAI's form; otherwise as `problemResponses` does, and for its reasons. */
export function openaiErrorResponses({ discard }: OpenaiErrorResponsesOptions = {}): ErrorRequestHandler {
  return async function respondWithOpenaiError(thrown: unknown, request, response, _next) {
    const error = openaiErrorOf(thrown)
    const isCallerGone = thrown instanceof BodyCutOffError
    if (error.code === "internal_error" && !isCallerGone) response.err = error.cause instanceof Error ? error.cause : error
    if (isCallerGone || response.headersSent) {
      response.destroy()
      return
    }
    const isRead = await discardBody(request, discard)
    if (!isRead || error.status === 413) response.setHeader("Connection", "close")
    sendOpenaiError(response, error)
  }
}

function sendOpenaiError(response: Response, error: OpenaiError): void {
  response.removeHeader("ETag")
  response.setHeader("Cache-Control", "no-store")
  for (const [name, value] of Object.entries(error.headers)) response.setHeader(name, value)
  if (error.isRetried !== null) response.setHeader("x-should-retry", String(error.isRetried))
  sendJson(response, { status: error.status, body: error.body() })
}
