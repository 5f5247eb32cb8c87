import type { CacheEntry } from "@sluice/core"
import type { AnswerCacheContext, CacheHit, CacheRequest } from "./answer-cache-context.ts"
import { hitOf } from "./cache-hit.ts"
import { findSimilar } from "./find-similar.ts"
import { requestKeyOf } from "./request-key.ts"

/** A fresh answer that saves the call; see `AnswerCache.lookup`. */
export async function lookUpFresh(context: AnswerCacheContext, request: CacheRequest): Promise<CacheHit | null> {
  const { job, route } = request
  const ttlMs = route.cache?.exact?.ttlMs
  if (ttlMs === undefined || job.options.cache !== "use") return null
  const at = context.clock()
  const mayServe = (entry: CacheEntry) => isFresh(entry, at, ttlMs)
  const { tenantId } = job
  const entry = await context.cache.find({ tenantId, route: job.route, requestKey: requestKeyOf(job.work), at })
  const hit = entry && mayServe(entry) ? hitOf(context, request, { entry, kind: "exact", similarity: 1 }) : null
  if (hit || !route.cache?.similar?.direct || job.options.fallback === "none") return hit
  return await findSimilar(context, request, { config: route.cache.similar, mayServe, isPromising: ({ freshUntil }) => freshUntil > at })
}

/** Both count: what was promised when it was stored, and what the route says now. */
function isFresh({ storedAt, freshUntil }: CacheEntry, at: Date, ttlMs: number): boolean {
  return freshUntil > at && at.getTime() - storedAt.getTime() < ttlMs
}
