import type { ResultCache, RouteConfig } from "@sluice/core"
import { createMemoryResultCache } from "@sluice/core/testing"
import { createInvalidateCache, createSchemaCache, createSeedCache, createSimilarities } from "@sluice/engine"
import type { CacheOperations } from "../../src/routes/cache/cache-operations.ts"

export interface MemoryCacheOptions {
  readonly routes: () => Readonly<Record<string, RouteConfig>>
  readonly cache?: ResultCache
}

/** Operations on answers in memory; prompts are compared without an endpoint. */
export function memoryCacheOperations({ routes, cache = createMemoryResultCache() }: MemoryCacheOptions): CacheOperations {
  const similarityOf = createSimilarities({
    embedderOf: (name) => {
      throw new Error(`There is no endpoint ${name} in this test.`)
    },
  })
  const seed = createSeedCache({ cache, routes, clock: () => new Date(), schemas: createSchemaCache(), similarityOf })
  return { seed, routes, invalidate: createInvalidateCache({ cache }) }
}
