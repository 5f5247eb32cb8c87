import {
  type AuditLog,
  type InvalidateCacheRequest,
  type InvalidationReport,
  invalidateCacheRequest,
  type Json,
  parseWork,
  type Work,
} from "@sluice/core"
import type { Invalidation } from "@sluice/engine"
import type { RequestHandler } from "express"
import { ZodError } from "zod"
import { recordAudit } from "../../audit/record-audit.ts"
import { bodyProblem } from "../../problems/body-problem.ts"
import { knownNames } from "../../problems/known-names.ts"
import { Problem } from "../../problems/problem.ts"
import { sendJson } from "../../responses/send-json.ts"
import type { CacheOperations } from "./cache-operations.ts"

export interface InvalidateCacheHandlerDependencies {
  readonly cache: CacheOperations
  readonly audit: AuditLog
}

/** `POST /v1/cache/invalidate`: removes kept answers of the tenant, and tells how many. */
export function invalidateCacheHandler({ cache, audit }: InvalidateCacheHandlerDependencies): RequestHandler {
  return async function handleInvalidateCache(request, response) {
    const { tenantId } = response.locals
    const { data, error } = invalidateCacheRequest.safeParse(request.body)
    if (error) throw bodyProblem(error, { body: request.body })
    const invalidation = invalidationOf(cache, data)
    await recordAudit(audit, response, {
      action: "cache.invalidate",
      target: data.jobId ?? data.route ?? null,
      details: { of: invalidation.of },
    })
    const removed = await cache.invalidate({ tenantId, invalidation })
    const body: InvalidationReport = { object: "cache_invalidation", removed }
    sendJson(response, { status: 200, body })
  }
}

function invalidationOf(cache: CacheOperations, { jobId, route = "", input, cacheKey, olderThan }: InvalidateCacheRequest): Invalidation {
  if (jobId !== undefined) return { of: "job", jobId }
  if (input !== undefined) return { of: "request", route, work: workOf(cache, route, input) }
  if (cacheKey !== undefined) return { of: "cacheKey", route, cacheKey }
  return { of: "route", route, ...(olderThan !== undefined && { olderThan: new Date(olderThan) }) }
}

/** Only for an input the route has to be there still: its kind says how the input is read. */
function workOf({ routes }: CacheOperations, name: string, input: Json): Work {
  const known = routes()
  const route = Object.hasOwn(known, name) ? known[name] : undefined
  if (!route) throw new Problem({ code: "route_unknown", detail: knownNames({ what: "route", name, known: Object.keys(known) }) })
  try {
    return parseWork(route.kind, input)
  } catch (error) {
    if (error instanceof ZodError) throw bodyProblem(error, { body: { input }, at: ["input"] })
    throw error
  }
}
