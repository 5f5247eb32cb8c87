import type { CacheableOutput, CacheOrigin, Clock, GeneratedOutput, Job, Provenance, ResultCache, RouteConfig } from "@sluice/core"
import type { SchemaCache } from "../structure/schema-cache.ts"
import type { CandidateReader } from "./similarity/candidate-reader.ts"
import type { SimilarityOf } from "./similarity/similarities.ts"

/** What of a job the caches look at. */
export type CachedJob = Pick<Job, "id" | "tenantId" | "route" | "work" | "options">

export interface CacheRequest {
  readonly job: CachedJob
  readonly route: RouteConfig
  /** Ends a call to an embedding endpoint. A look into the database is not ended: the store answers or fails within its own bound. */
  readonly signal: AbortSignal
}

export interface RememberRequest extends CacheRequest {
  readonly generated: GeneratedOutput
  readonly provenance: Provenance
}

/** An answer that was given before. */
export interface CacheHit {
  readonly output: CacheableOutput
  readonly origin: CacheOrigin
  readonly cache: NonNullable<Provenance["cache"]>
  /** Checked anew against the schema of this request; null when it has none. */
  readonly schemaValid: true | null
}

export interface CacheFailure {
  readonly operation: "lookup" | "last_good" | "remember"
  readonly jobId: string
  readonly error: unknown
}

export interface AnswerCacheDependencies {
  readonly cache: ResultCache
  readonly clock: Clock
  readonly schemas: SchemaCache
  readonly similarityOf: SimilarityOf
  /** Told what went wrong. The job goes on as if nothing were cached. */
  readonly onFailure: (failure: CacheFailure) => void
}

/** What the operations share. */
export interface AnswerCacheContext extends AnswerCacheDependencies {
  readonly readCandidates: CandidateReader
}

/** Whether anything of the route is kept at all. */
export function isCaching(route: RouteConfig): boolean {
  return route.cache !== undefined || route.tiers.some(({ name }) => name === "cache")
}
