import type { Request, RequestHandler, Response } from "express"
import type { Logger } from "pino"
import { pinoHttp } from "pino-http"
import { routeTemplate } from "./route-template.ts"

export interface AccessLogOptions {
  readonly logger: Logger
}

/**
 * One line for each request once its answer is out: method, route, status, time, tenant, and the ids of request, job and trace. No address, since
 * it may hold a caller's data; no bodies and no headers. Defects come with their stack; an outage, which fails many
 * requests, with its reason only.
 */
export function accessLog({ logger }: AccessLogOptions): RequestHandler {
  const log = pinoHttp<Request, Response>({
    logger,
    // Nothing of the request is bound to a logger of its own, which costs time: the line at the end says all.
    serializers: { req: () => undefined },
    quietResLogger: true,
    customAttributeKeys: { responseTime: "durationMs" },
    customLogLevel: (_request, response) => levelOf(response.statusCode),
    customSuccessObject: (request, response, { durationMs }: Timed) => ({ ...lineOf(request, response), durationMs }),
    customErrorObject: (request, response, error, { durationMs }: Timed) => ({
      ...lineOf(request, response),
      durationMs,
      ...(response.statusCode === 500 ? { err: error } : { reason: error.message }),
    }),
    customErrorMessage: () => "request failed",
  })
  return function logAccess(request, response, next) {
    log(request, response, next)
  }
}

interface Timed {
  readonly durationMs: number
}

function levelOf(status: number): "info" | "warn" | "error" {
  if (status === 503) return "warn"
  return status >= 500 ? "error" : "info"
}

function lineOf(request: Request, response: Response) {
  return {
    requestId: response.locals.requestId,
    method: request.method,
    route: routeTemplate(request),
    // Null when the caller left before the answer.
    status: response.headersSent ? response.statusCode : null,
    tenantId: response.locals.tenantId,
    jobId: jobIdOf(request, response),
    ...(response.locals.traceId !== null && { traceId: response.locals.traceId }),
  }
}

const jobId = /^job_[0-9a-f]{32}$/

/** Of the job that was submitted, or that the address names; not whatever else a caller writes there. */
function jobIdOf({ params, path }: Request, { locals }: Response): string | undefined {
  if (locals.jobId !== undefined) return locals.jobId
  const named = path.startsWith("/v1/jobs/") ? params.id : undefined
  return typeof named === "string" && jobId.test(named) ? named : undefined
}
