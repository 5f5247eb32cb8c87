import type { CacheSelection, ResultCache } from "@sluice/core"
import type { Collection, Filter } from "mongodb"
import type { Sealer } from "../encryption/sealer.ts"
import { type CacheDocument, cacheIdsOf } from "./cache-document.ts"

/** Removes what is selected. Should an attempt be repeated, its count is that of the last one. */
export async function invalidateEntries(
  collection: Collection<CacheDocument>,
  { tenantId, selection }: Parameters<ResultCache["invalidate"]>[0],
  sealer: Sealer,
): Promise<number> {
  const { deletedCount } = await collection.deleteMany(filterOf(tenantId, selection, sealer))
  return deletedCount
}

function filterOf(tenantId: string, selection: CacheSelection, sealer: Sealer): Filter<CacheDocument> {
  switch (selection.by) {
    case "request":
      return { _id: { $in: cacheIdsOf({ tenantId, ...selection }, sealer) } }
    case "cacheKey":
      return { tenantId, route: selection.route, cacheKey: selection.cacheKey }
    case "job":
      return { tenantId, jobId: selection.jobId }
    case "route": {
      const { route, olderThan } = selection
      return { tenantId, route, ...(olderThan && { storedAt: { $lt: olderThan } }) }
    }
  }
}
