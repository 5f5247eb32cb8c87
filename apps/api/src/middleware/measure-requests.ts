import type { HttpMetrics } from "@sluice/runtime"
import type { RequestHandler } from "express"
import { routeTemplate } from "./route-template.ts"

/** Counts each request once its answer is out, or its caller has gone. */
export function measureRequests(http: HttpMetrics): RequestHandler {
  return function measureRequest(request, response, next) {
    const startedAtMs = performance.now()
    response.once("close", () => {
      const { method } = request
      const status = response.headersSent ? response.statusCode : null
      http.answered({ method, route: routeTemplate(request), status, seconds: (performance.now() - startedAtMs) / 1_000 })
    })
    next()
  }
}
