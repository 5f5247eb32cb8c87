import type { RequestHandler } from "express"
import { Problem } from "../problems/problem.ts"

/** Lets nothing pass that could change anything. */
export function readOnly(): RequestHandler {
  return function refuseWrites(request, _response, next) {
    if (request.method === "GET" || request.method === "HEAD") return next()
    const detail = `${request.method} is not possible here: the board only shows. Pause a queue by POST /v1/queues/{name}/pause.`
    throw new Problem({ code: "method_not_allowed", detail, headers: { Allow: "GET, HEAD" } })
  }
}
