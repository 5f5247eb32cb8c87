import type { CacheCount, ResultCache } from "@sluice/core"
import type { Collection } from "mongodb"
import { type CacheDocument, cacheSchemaVersion } from "./cache-document.ts"

/** A tenant's entries by route. */
export async function countEntries(
  collection: Collection<CacheDocument>,
  { tenantId, at }: Parameters<ResultCache["count"]>[0],
): Promise<readonly CacheCount[]> {
  const groups = collection.aggregate<{ _id: string; entries: number; fresh: number }>([
    { $match: { tenantId, keepUntil: { $gt: at }, schemaVersion: cacheSchemaVersion } },
    { $group: { _id: "$route", entries: { $sum: 1 }, fresh: { $sum: { $cond: [{ $gt: ["$freshUntil", at] }, 1, 0] } } } },
    { $sort: { _id: 1 } },
  ])
  const counted = await groups.toArray()
  return counted.map(({ _id: route, entries, fresh }) => ({ route, entries, fresh }))
}
