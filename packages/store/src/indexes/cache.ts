import type { IndexDescription } from "mongodb"

/** The indexes of `cache`; an entry itself is found by `_id`. */
export const cacheIndexes: readonly IndexDescription[] = [
  // count; invalidate all of a route
  { name: "tenant_route", key: { tenantId: 1, route: 1 } },
  // findByCacheKey; invalidate by the caller's key
  {
    name: "tenant_cache_key",
    key: { tenantId: 1, route: 1, cacheKey: 1, storedAt: -1, requestKey: 1 },
    partialFilterExpression: { cacheKey: { $exists: true } },
  },
  // candidates
  {
    name: "tenant_scope",
    key: { tenantId: 1, route: 1, scope: 1, space: 1, storedAt: -1, requestKey: 1 },
    partialFilterExpression: { space: { $exists: true } },
  },
  // invalidate what a job left
  { name: "tenant_job", key: { tenantId: 1, jobId: 1 }, partialFilterExpression: { jobId: { $exists: true } } },
  // MongoDB itself removes what is not to be kept any longer, within a minute or so; until then no query finds it
  { name: "keep_until", key: { keepUntil: 1 }, expireAfterSeconds: 0 },
]
