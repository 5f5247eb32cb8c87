import type { RouteConfig } from "@sluice/core"
import type { InvalidateCache, SeedCache } from "@sluice/engine"

/** What operators do with kept answers. */
export interface CacheOperations {
  readonly seed: SeedCache
  readonly invalidate: InvalidateCache
  readonly routes: () => Readonly<Record<string, RouteConfig>>
}
