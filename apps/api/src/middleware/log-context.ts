import { withLogFields } from "@sluice/runtime"
import type { RequestHandler } from "express"

/** Has every line that is logged while a request is answered say which one it is. */
export function logContext(): RequestHandler {
  return function openLogContext(_request, response, next) {
    const { requestId, traceId } = response.locals
    withLogFields({ requestId, traceId }, next)
  }
}
