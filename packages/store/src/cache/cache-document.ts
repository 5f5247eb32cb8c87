import type { CacheableOutput, CacheEntry, CacheOrigin } from "@sluice/core"
import { Binary } from "mongodb"
import type { JsonText } from "../jobs/job-document.ts"
import { toJsonText } from "../jobs/json-text.ts"
import { present } from "../present.ts"

/** The collection's name. */
export const cacheCollection = "cache"

/** Entries of another version are not read: what a cache forgets is asked for again. */
export const cacheSchemaVersion = 1

/** An entry as MongoDB keeps it. What is null in an entry is absent here, so that partial indexes hold only what has a value. */
export interface CacheDocument {
  readonly _id: string
  readonly schemaVersion: number
  readonly tenantId: string
  readonly route: string
  readonly requestKey: string
  readonly cacheKey?: string
  readonly jobId?: string
  readonly scope?: string
  readonly space?: string
  readonly vector?: Binary
  readonly kind: CacheableOutput["kind"]
  readonly output: JsonText
  readonly origin: CacheOrigin
  readonly storedAt: Date
  readonly freshUntil: Date
  readonly keepUntil: Date
}

/** One id for one tenant, route and request, however their names run into each other. */
export function cacheIdOf({ tenantId, route, requestKey }: Pick<CacheEntry, "tenantId" | "route" | "requestKey">): string {
  return JSON.stringify([tenantId, route, requestKey])
}

export function toCacheDocument(entry: CacheEntry): CacheDocument {
  const { cacheKey, jobId, scope, vector, output, ...always } = entry
  return {
    _id: cacheIdOf(entry),
    schemaVersion: cacheSchemaVersion,
    ...always,
    kind: output.kind,
    output: toJsonText(output.output),
    ...present({ cacheKey, jobId, scope }),
    ...(vector && { space: vector.space, vector: Binary.fromFloat32Array(vector.values) }),
  }
}

export function fromCacheDocument(document: CacheDocument): CacheEntry {
  const { tenantId, route, requestKey, origin, storedAt, freshUntil, keepUntil } = document
  const { space, vector } = document
  return {
    tenantId,
    route,
    requestKey,
    cacheKey: document.cacheKey ?? null,
    jobId: document.jobId ?? null,
    scope: document.scope ?? null,
    vector: space !== undefined && vector !== undefined ? { space, values: vector.toFloat32Array() } : null,
    output: outputOf(document),
    origin,
    storedAt,
    freshUntil,
    keepUntil,
  }
}

/** The text is what `toJsonText` made of an output of that kind. */
function outputOf({ kind, output }: CacheDocument): CacheableOutput {
  return { kind, output: JSON.parse(output) }
}
