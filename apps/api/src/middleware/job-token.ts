import { type JobTokens, jobTokenPrefix, type LiveTenantDirectory, type TenantLimits } from "@sluice/engine"
import type { Request, RequestHandler, Response } from "express"
import { Problem } from "../problems/problem.ts"
import { jobNotFound } from "../routes/jobs/find-job.ts"
import { applyLimits } from "./limits/apply-limits.ts"

export interface JobTokenOptions {
  readonly jobTokens: Pick<JobTokens, "verify">
  readonly tenants: Pick<LiveTenantDirectory, "isDisabled" | "loaded">
  readonly limits: Pick<TenantLimits, "admit">
}

/** What scripts of a page may see of an answer beside the few headers that they always may. */
const exposedHeaders = "ETag, Retry-After, RateLimit, RateLimit-Policy, x-request-id"
const allowedHeaders = "if-none-match, last-event-id, x-request-id"
const preflightSeconds = 600

/**
 * For the addresses by which one job is read: lets a request pass that brings the job's token as `?token=`, and leaves all
 * others to `authenticate`. The token is taken off the address, so that nothing behind it sees or logs it.
 *
 * Pages of any origin may read the answer, since who has the token may read the job anyway and no cookie goes along. That holds
 * for tokens alone: an answer to a key has no such headers, so no page can use one.
 */
export function jobTokenOr(authenticate: RequestHandler, options: JobTokenOptions): RequestHandler {
  return async function authenticateByToken(request, response, next) {
    const token = takeToken(request)
    if (token === null) return authenticate(request, response, next)
    allowPages(response)
    await options.tenants.loaded()
    response.locals.principal = principalOf(token, request, options)
    response.locals.tenantId = response.locals.principal.tenantId
    await applyLimits(options.limits, response, { jobs: 0 })
    next()
  }
}

/** Answers the question that a browser asks before it sends a request with a token and headers of its own. */
export function tokenPreflight(): RequestHandler {
  return function answerPreflight(request, response, next) {
    const asksToRead = request.method === "OPTIONS" && request.headers["access-control-request-method"] === "GET"
    const isMeant = asksToRead && takeToken(request) !== null
    if (!isMeant) return next()
    allowPages(response)
    response.setHeader("Access-Control-Allow-Methods", "GET")
    response.setHeader("Access-Control-Allow-Headers", allowedHeaders)
    response.setHeader("Access-Control-Max-Age", preflightSeconds)
    response.status(204).end()
  }
}

function allowPages(response: Response): void {
  response.setHeader("Access-Control-Allow-Origin", "*")
  response.setHeader("Access-Control-Expose-Headers", exposedHeaders)
  // So that an image can be shown by a page, too.
  response.setHeader("Cross-Origin-Resource-Policy", "cross-origin")
}

/** Null when there is none. Given more than once it is left where it is, and refused with the query. */
function takeToken(request: Request): string | null {
  const [path = "", query] = request.url.split("?", 2)
  if (query === undefined) return null
  const parameters = new URLSearchParams(query)
  const [token, ...others] = parameters.getAll("token")
  if (token === undefined || others.length > 0) return null
  parameters.delete("token")
  const rest = parameters.toString()
  request.url = rest === "" ? path : `${path}?${rest}`
  return token
}

function principalOf(token: string, request: Request, { jobTokens, tenants }: JobTokenOptions) {
  const verdict = jobTokens.verify(token)
  if (verdict.kind === "expired") throw invalid("The token has expired. Make a new one: POST /v1/jobs/{id}/token.")
  const isKnown = verdict.kind === "valid" && !tenants.isDisabled(verdict.tenantId)
  if (!isKnown) throw invalid(`The token is not valid here. Tokens begin with ${jobTokenPrefix}; POST /v1/jobs/{id}/token makes them.`)
  const { tenantId, jobId, expiresAt } = verdict
  if (request.params.id !== jobId) throw jobNotFound()
  return { actor: "job_token", tenantId, scopes: ["jobs:read"], expiresAt }
}

function invalid(detail: string): Problem {
  return new Problem({ code: "unauthenticated", detail, headers: { "WWW-Authenticate": 'Bearer error="invalid_token"' } })
}
