import type { RouteConfig } from "@sluice/core"
import type { CachedJob } from "./answer-cache-context.ts"
import { requestKeyOf } from "./request-key.ts"

/**
 * Jobs with the same key may share one answer: the same request of one tenant on one route, by callers who would put up with the
 * same tiers at the same time. Null for a job whose answer is its own: the route keeps no answers that save a call, or the
 * caller wants none.
 */
export function flightKeyOf({ tenantId, route: name, work, options }: CachedJob, route: RouteConfig): string | null {
  if (!route.cache?.exact || options.cache !== "use") return null
  return JSON.stringify([tenantId, name, options.fallback, options.degradeAfterMs, requestKeyOf(work)])
}
