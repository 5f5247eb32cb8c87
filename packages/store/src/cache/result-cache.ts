import { maxCachedBytes, type ResultCache } from "@sluice/core"
import { type Database, sendTo } from "../connection/database.ts"
import type { Sealer } from "../encryption/sealer.ts"
import { isDuplicateKey } from "../errors/duplicate-key.ts"
import { TryAgain } from "../errors/try-again.ts"
import { toJsonText } from "../jobs/json-text.ts"
import type { Operations } from "../operations/operations.ts"
import {
  type CacheDocument,
  cacheCollection,
  cacheIdsOf,
  cacheSchemaVersion,
  fromCacheDocument,
  toCacheDocument,
} from "./cache-document.ts"
import { countEntries } from "./count-entries.ts"
import { findCandidates } from "./find-candidates.ts"
import { invalidateEntries } from "./invalidate-entries.ts"

export interface ResultCacheOptions {
  readonly database: Database
  /** For what jobs wait for. */
  readonly lookups: Operations
  /** For what may take its time: counting, and removing much. */
  readonly operations: Operations
  readonly sealer: Sealer
}

/** The `ResultCache` on a database that has its indexes. */
export function createResultCache({ database, lookups, operations, sealer }: ResultCacheOptions): ResultCache {
  const toCache = sendTo<CacheDocument>(database, cacheCollection)
  const isKept = (at: Date) => ({ keepUntil: { $gt: at }, schemaVersion: cacheSchemaVersion })
  const replace = async ({ _id, ...document }: CacheDocument): Promise<void> => {
    try {
      await toCache((cache) => cache.replaceOne({ _id }, document, { upsert: true }))
    } catch (error) {
      if (isDuplicateKey(error)) throw new TryAgain("another process made the entry first")
      throw error
    }
  }

  return {
    async put(entry) {
      if (Buffer.byteLength(toJsonText(entry.output.output)) > maxCachedBytes) return "too_large"
      const document = toCacheDocument(entry, sealer)
      await lookups.run("cache entry", () => replace(document))
      return "stored"
    },
    find: ({ at, ...key }) =>
      lookups.run("cache lookup", async () => {
        const newest = { sort: { storedAt: -1 } } as const
        const ids = cacheIdsOf(key, sealer)
        const found = await toCache((cache) => cache.findOne({ _id: { $in: ids }, ...isKept(at) }, newest))
        return found && fromCacheDocument(found, sealer)
      }),
    findByCacheKey: ({ tenantId, route, cacheKey, at }) =>
      lookups.run("cache lookup by key", async () => {
        const newest = { sort: { storedAt: -1, requestKey: 1 } } as const
        const found = await toCache((cache) => cache.findOne({ tenantId, route, cacheKey, ...isKept(at) }, newest))
        return found && fromCacheDocument(found, sealer)
      }),
    candidates: (request) => lookups.run("cache candidates", () => toCache((cache) => findCandidates(cache, request, sealer))),
    invalidate: (request) => operations.run("cache invalidation", () => toCache((cache) => invalidateEntries(cache, request, sealer))),
    count: (request) => operations.run("cache count", () => toCache((cache) => countEntries(cache, request))),
  }
}
