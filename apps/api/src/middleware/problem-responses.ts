import type { ErrorRequestHandler } from "express"
import { problemOf } from "../problems/problem-of.ts"
import { sendProblem } from "../problems/send-problem.ts"
import { BodyCutOffError } from "./json-body/collect-body.ts"
import { type DiscardLimits, discardBody } from "./json-body/discard-body.ts"

export interface ProblemResponsesOptions {
  /** How much of a refused body is read for the caller's sake. */
  readonly discard?: DiscardLimits
}

/**
 * Answers whatever was thrown with a problem document. A caller that is still sending its body would not read the answer,
 * or lose it to a connection reset, so the body is read to its end first, within bounds; beyond them, and after a body
 * that was too large, the connection is closed.
 */
export function problemResponses({ discard }: ProblemResponsesOptions = {}): ErrorRequestHandler {
  return async function respondWithProblem(error: unknown, request, response, _next) {
    const problem = problemOf(error)
    const isCallerGone = error instanceof BodyCutOffError
    if (problem.status >= 500 && !isCallerGone) response.err = problem.cause instanceof Error ? problem.cause : problem
    if (isCallerGone || response.headersSent) {
      response.destroy()
      return
    }
    const isRead = await discardBody(request, discard)
    if (!isRead || problem.code === "payload_too_large") response.setHeader("Connection", "close")
    sendProblem(request, response, problem)
  }
}
