import type { ResultCache, Work } from "@sluice/core"
import { requestKeyOf } from "./request-key.ts"

/** What of a tenant shall not be given again. */
export type Invalidation =
  /** The answer to exactly this request. */
  | { readonly of: "request"; readonly route: string; readonly work: Work }
  /** All answers under a caller's key. */
  | { readonly of: "cacheKey"; readonly route: string; readonly cacheKey: string }
  /** All answers that a job got; for a job that is deleted. */
  | { readonly of: "job"; readonly jobId: string }
  /** All answers of a route, or those that were stored before a time. */
  | { readonly of: "route"; readonly route: string; readonly olderThan?: Date }

export type InvalidateCache = (request: { readonly tenantId: string; readonly invalidation: Invalidation }) => Promise<number>

/**
 * Removes kept answers, and tells how many. A job that is under way may still leave its answer afterwards. Rejects with
 * `StorageUnavailableError` when the database does not answer: then it is unknown how many are gone.
 */
export function createInvalidateCache({ cache }: { readonly cache: ResultCache }): InvalidateCache {
  return ({ tenantId, invalidation }) => {
    switch (invalidation.of) {
      case "request": {
        const { route, work } = invalidation
        return cache.invalidate({ tenantId, selection: { by: "request", route, requestKey: requestKeyOf(work) } })
      }
      case "cacheKey": {
        const { route, cacheKey } = invalidation
        return cache.invalidate({ tenantId, selection: { by: "cacheKey", route, cacheKey } })
      }
      case "job":
        return cache.invalidate({ tenantId, selection: { by: "job", jobId: invalidation.jobId } })
      case "route": {
        const { of: by, ...selection } = invalidation
        return cache.invalidate({ tenantId, selection: { by, ...selection } })
      }
    }
  }
}
