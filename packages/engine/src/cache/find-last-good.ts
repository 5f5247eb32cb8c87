import { type AnswerCacheContext, type CacheHit, type CacheRequest, isCaching } from "./answer-cache-context.ts"
import { hitOf } from "./cache-hit.ts"
import { findSimilar } from "./find-similar.ts"
import { requestKeyOf } from "./request-key.ts"

/** The best there is, however old; see `AnswerCache.lastGood`. */
export async function findLastGood(context: AnswerCacheContext, request: CacheRequest): Promise<CacheHit | null> {
  const { job, route } = request
  if (!isCaching(route) || job.options.cache === "off") return null
  const named = (await sameRequest(context, request)) ?? (await sameCacheKey(context, request))
  if (named || !route.cache?.similar) return named
  return await findSimilar(context, request, { config: route.cache.similar })
}

async function sameRequest(context: AnswerCacheContext, request: CacheRequest): Promise<CacheHit | null> {
  const { tenantId, route, work } = request.job
  const entry = await context.cache.find({ tenantId, route, requestKey: requestKeyOf(work), at: context.clock() })
  return entry && hitOf(context, request, { entry, kind: "exact", similarity: 1 })
}

async function sameCacheKey(context: AnswerCacheContext, request: CacheRequest): Promise<CacheHit | null> {
  const { tenantId, route, options } = request.job
  if (options.cacheKey === null) return null
  const entry = await context.cache.findByCacheKey({ tenantId, route, cacheKey: options.cacheKey, at: context.clock() })
  return entry && hitOf(context, request, { entry, kind: "exact", similarity: 1 })
}
