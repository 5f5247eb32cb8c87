import type { Output } from "../contract/input.ts"
import type { Provenance } from "../contract/job-resource.ts"

/** An output that an entry can hold. Images are none: their bytes belong to the job that made them, and go with it. */
export type CacheableOutput = Exclude<Output, { kind: "image" }>

/** An output whose JSON takes more bytes than this, in UTF-8, is not kept. */
export const maxCachedBytes = 1_048_576

/** A text as a point; only points of one space can be compared. */
export interface CacheVector {
  /** Names what made the values, and its version. */
  readonly space: string
  readonly values: Float32Array
}

/** Where a kept answer came from, told again whenever it is served. */
export interface CacheOrigin {
  readonly served: Provenance["served"]
  readonly quality: "full" | "reduced"
}

/** One answer that may be given again. There is one for each tenant, route and request key. */
export interface CacheEntry {
  readonly tenantId: string
  readonly route: string
  /** Equal for equal requests. */
  readonly requestKey: string
  /** The caller's own name for what this answers; null: none. */
  readonly cacheKey: string | null
  /** The job that got the answer; null for one that was seeded. */
  readonly jobId: string | null
  /** Equal for requests that differ in nothing but the text that `vector` stands for; null: none is comparable. */
  readonly scope: string | null
  readonly vector: CacheVector | null
  readonly output: CacheableOutput
  readonly origin: CacheOrigin
  readonly storedAt: Date
  /** Until then it stands for a call; afterwards it is only better than nothing. */
  readonly freshUntil: Date
  /** From then on it is not found any more. */
  readonly keepUntil: Date
}

/** What a search for similar requests looks at: everything but the answer. */
export interface CacheCandidate {
  readonly requestKey: string
  readonly values: Float32Array
  readonly freshUntil: Date
}

export interface CandidateRequest {
  readonly tenantId: string
  readonly route: string
  readonly scope: string
  readonly space: string
  readonly at: Date
  readonly limit: number
}

/** Entries of one tenant. */
export type CacheSelection =
  | { readonly by: "request"; readonly route: string; readonly requestKey: string }
  | { readonly by: "cacheKey"; readonly route: string; readonly cacheKey: string }
  | { readonly by: "job"; readonly jobId: string }
  /** With `olderThan` only those that were stored before. */
  | { readonly by: "route"; readonly route: string; readonly olderThan?: Date }

export interface CacheCount {
  readonly route: string
  readonly entries: number
  readonly fresh: number
}

/**
 * Answers that may be given again. No call finds, counts or removes anything of another tenant, and none finds an entry
 * whose `keepUntil` has come. Every method rejects with `StorageUnavailableError` when the database does not answer in time.
 */
export interface ResultCache {
  /** Replaces the entry of the same tenant, route and request key. An output that is too large changes nothing. */
  put(entry: CacheEntry): Promise<"stored" | "too_large">
  /** The entry for exactly this request, whether it is fresh or not. */
  find(request: {
    readonly tenantId: string
    readonly route: string
    readonly requestKey: string
    readonly at: Date
  }): Promise<CacheEntry | null>
  /** The entry that was stored last under the caller's key. */
  findByCacheKey(request: {
    readonly tenantId: string
    readonly route: string
    readonly cacheKey: string
    readonly at: Date
  }): Promise<CacheEntry | null>
  /** Entries of one scope whose vectors are of one space, the newest first. */
  candidates(request: CandidateRequest): Promise<readonly CacheCandidate[]>
  /** Removes what is selected, and tells how many entries that were. */
  invalidate(request: { readonly tenantId: string; readonly selection: CacheSelection }): Promise<number>
  /** For each route of which there are entries, by name. */
  count(request: { readonly tenantId: string; readonly at: Date }): Promise<readonly CacheCount[]>
}
