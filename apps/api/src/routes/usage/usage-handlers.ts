import { endpointStatsQuery, holdsScope, sloQuery, statsQuery, usageCsv, usageQuery } from "@sluice/core"
import type { ReportEndpointStats, ReportSlo, ReportStats, ReportUsage } from "@sluice/engine"
import type { Request, RequestHandler, Response } from "express"
import { scopeMissing } from "../../middleware/require-scope.ts"
import { validationProblem } from "../../problems/validation-problem.ts"
import { parseQuery, readQuery } from "../../queries/read-query.ts"
import { sendJson } from "../../responses/send-json.ts"

export interface UsageHandlerDependencies {
  readonly reportUsage: ReportUsage
  readonly reportStats: ReportStats
  readonly reportEndpointStats: ReportEndpointStats
  readonly reportSlo: ReportSlo
}

/** `GET /v1/usage`: what was used and what it cost, as JSON or CSV. */
export function usageHandler({ reportUsage }: Pick<UsageHandlerDependencies, "reportUsage">): RequestHandler {
  return async function handleUsage(request, response) {
    const { tenant, format, ...query } = parseQuery(usageQuery, readQuery(request.url))
    const outcome = await reportUsage({ ...query, tenantId: tenantOf(request, response, tenant) })
    if (outcome.kind === "invalid") {
      throw validationProblem([{ pointer: `query:${outcome.field}`, code: "invalid_value", detail: outcome.message }])
    }
    response.setHeader("Cache-Control", "no-store")
    response.vary("Accept")
    if ((format ?? request.accepts(["json", "csv"])) !== "csv") return sendJson(response, { status: 200, body: outcome.usage })
    response.status(200).setHeader("Content-Type", "text/csv; charset=utf-8")
    response.end(usageCsv(outcome.usage))
  }
}

/** `GET /v1/stats`: how jobs fared of late, step by step. */
export function statsHandler({ reportStats }: Pick<UsageHandlerDependencies, "reportStats">): RequestHandler {
  return async function handleStats(request, response) {
    const { tenant, window, route = null } = parseQuery(statsQuery, readQuery(request.url))
    const stats = await reportStats({ window, route, tenantId: tenantOf(request, response, tenant) })
    response.setHeader("Cache-Control", "no-store")
    sendJson(response, { status: 200, body: stats })
  }
}

/** `GET /v1/stats/endpoints`: how calls to providers fared of late, step by step. */
export function endpointStatsHandler({ reportEndpointStats }: Pick<UsageHandlerDependencies, "reportEndpointStats">): RequestHandler {
  return async function handleEndpointStats(request, response) {
    const stats = await reportEndpointStats(parseQuery(endpointStatsQuery, readQuery(request.url)))
    response.setHeader("Cache-Control", "no-store")
    sendJson(response, { status: 200, body: stats })
  }
}

/** `GET /v1/slo`: how the objectives are kept, and how much may still go wrong. */
export function sloHandler({ reportSlo }: Pick<UsageHandlerDependencies, "reportSlo">): RequestHandler {
  return async function handleSlo(request, response) {
    const { tenant, window, route = null } = parseQuery(sloQuery, readQuery(request.url))
    const outcome = await reportSlo({ window, route, tenantId: tenantOf(request, response, tenant) })
    if (outcome.kind === "too_far_back") {
      throw validationProblem([{ pointer: "query:window", code: "invalid_value", detail: outcome.message }])
    }
    response.setHeader("Cache-Control", "no-store")
    sendJson(response, { status: 200, body: outcome.slo })
  }
}

/** Operators see all tenants unless they name one, here or as the tenant for whom they act; null: all. */
function tenantOf(request: Request, response: Response, named: string | undefined): string | null {
  const { principal, tenantId } = response.locals
  if (holdsScope(principal.scopes, "tenants:admin")) return named ?? (request.get("x-sluice-tenant") === undefined ? null : tenantId)
  if (named !== undefined && named !== tenantId) throw scopeMissing(["tenants:admin"])
  return tenantId
}
