import type { ProviderName, ResultCache } from "@sluice/core"
import { createEndpointEmbedders, createInvalidateCache, createSchemaCache, createSeedCache, createSimilarities } from "@sluice/engine"
import type { ProviderRegistry } from "@sluice/providers"
import type { Credentials, LiveCatalog } from "@sluice/runtime"
import type { CacheOperations } from "../routes/cache/cache-operations.ts"

export interface CacheOperationsParts {
  readonly cache: ResultCache
  readonly catalog: LiveCatalog
  /** Called only to embed prompts that are seeded, on routes that compare them so. */
  readonly providers: ProviderRegistry
  readonly credentials: Credentials
}

/** Puts the operations on kept answers together from what the process has opened. */
export function buildCacheOperations({ cache, catalog, providers, credentials }: CacheOperationsParts): CacheOperations {
  const routes = () => catalog.current().routes
  const embedderOf = createEndpointEmbedders({
    endpointOf: (name) => catalog.current().endpoints.get(name),
    providerOf: (name: ProviderName) => providers.get(name),
    resolveCredential: (reference) => credentials.resolve(reference),
  })
  const seed = createSeedCache({
    cache,
    routes,
    clock: () => new Date(),
    schemas: createSchemaCache(),
    similarityOf: createSimilarities({ embedderOf }),
  })
  return { seed, routes, invalidate: createInvalidateCache({ cache }) }
}
