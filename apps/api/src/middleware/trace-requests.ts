import { noTracer, type Span, type Tracer, traceIdOf, validTraceparent } from "@sluice/core"
import type { Request, RequestHandler, Response } from "express"
import { routeTemplate } from "./route-template.ts"

/** Whoever watches over the process asks for these every few seconds. */
const untraced = /^\/(?:health\/|metrics$)/

/**
 * Follows each request by a span, which goes on with the caller's trace where there is one. What the request begins goes on from
 * `response.locals.span`. Where the trace is kept, the answer says which it is by `traceparent`.
 */
export function traceRequests({ tracer = noTracer }: { readonly tracer?: Tracer | undefined } = {}): RequestHandler {
  return function traceRequest(request, response, next) {
    const parent = validTraceparent(request.headers.traceparent)
    const by = untraced.test(request.path) ? noTracer : tracer
    const span = by.start({ name: request.method, kind: "server", parent })
    response.locals.span = span
    response.locals.traceId = traceIdOf(span.traceparent)
    if (span.isRecording) follow(span, request, response)
    next()
  }
}

function follow(span: Span, request: Request, response: Response): void {
  if (span.traceparent !== null) response.setHeader("traceparent", span.traceparent)
  response.once("close", () => {
    const route = routeTemplate(request)
    if (route !== null) span.rename(`${request.method} ${route}`)
    span.set(attributesOf(request, response, route))
    if (!response.headersSent) span.fail("caller_gone")
    else if (response.statusCode >= 500) span.fail(String(response.statusCode))
    span.end()
  })
}

/** By the conventions for HTTP. Not the query, which may hold the token of a job, and nothing that tells who the caller is but the tenant. */
function attributesOf(request: Request, response: Response, route: string | null) {
  const { requestId, tenantId } = response.locals
  return {
    "http.request.method": request.method,
    "http.route": route,
    "http.response.status_code": response.headersSent ? response.statusCode : null,
    "url.scheme": request.protocol,
    "url.path": request.path,
    "network.protocol.version": request.httpVersion,
    "sluice.request.id": requestId,
    "sluice.tenant.id": tenantId,
  }
}
