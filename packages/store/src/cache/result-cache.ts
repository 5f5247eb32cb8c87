import { maxCachedBytes, type ResultCache } from "@sluice/core"
import { MongoServerError } from "mongodb"
import { type Database, sendTo } from "../connection/database.ts"
import { TryAgain } from "../errors/try-again.ts"
import type { Operations } from "../operations/operations.ts"
import { type CacheDocument, cacheCollection, cacheIdOf, cacheSchemaVersion, fromCacheDocument, toCacheDocument } from "./cache-document.ts"
import { countEntries } from "./count-entries.ts"
import { findCandidates } from "./find-candidates.ts"
import { invalidateEntries } from "./invalidate-entries.ts"

export interface ResultCacheOptions {
  readonly database: Database
  /** For what jobs wait for. */
  readonly lookups: Operations
  /** For what may take its time: counting, and removing much. */
  readonly operations: Operations
}

const duplicateKey = 11_000

/** The `ResultCache` on a database that has its indexes. */
export function createResultCache({ database, lookups, operations }: ResultCacheOptions): ResultCache {
  const toCache = sendTo<CacheDocument>(database, cacheCollection)
  const isKept = (at: Date) => ({ keepUntil: { $gt: at }, schemaVersion: cacheSchemaVersion })
  const replace = async ({ _id, ...document }: CacheDocument): Promise<void> => {
    try {
      await toCache((cache) => cache.replaceOne({ _id }, document, { upsert: true }))
    } catch (error) {
      if (error instanceof MongoServerError && error.code === duplicateKey) throw new TryAgain("another process made the entry first")
      throw error
    }
  }

  return {
    async put(entry) {
      const document = toCacheDocument(entry)
      if (Buffer.byteLength(document.output) > maxCachedBytes) return "too_large"
      await lookups.run("cache entry", () => replace(document))
      return "stored"
    },
    find: ({ at, ...key }) =>
      lookups.run("cache lookup", async () => {
        const found = await toCache((cache) => cache.findOne({ _id: cacheIdOf(key), ...isKept(at) }))
        return found && fromCacheDocument(found)
      }),
    findByCacheKey: ({ tenantId, route, cacheKey, at }) =>
      lookups.run("cache lookup by key", async () => {
        const newest = { sort: { storedAt: -1, requestKey: 1 } } as const
        const found = await toCache((cache) => cache.findOne({ tenantId, route, cacheKey, ...isKept(at) }, newest))
        return found && fromCacheDocument(found)
      }),
    candidates: (request) => lookups.run("cache candidates", () => toCache((cache) => findCandidates(cache, request))),
    invalidate: (request) => operations.run("cache invalidation", () => toCache((cache) => invalidateEntries(cache, request))),
    count: (request) => operations.run("cache count", () => toCache((cache) => countEntries(cache, request))),
  }
}
