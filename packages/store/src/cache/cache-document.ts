import type { CacheableOutput, CacheEntry, CacheOrigin } from "@sluice/core"
import { Binary } from "mongodb"
import { keyIdOf, type Place, type Sealed, type Sealer } from "../encryption/sealer.ts"
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
  /** The request's key, or what stands for it: see `Sealer.blinds`. */
  readonly requestKey: string
  /** Where the above only stands for it: the key itself, for when the entry is encrypted anew. */
  readonly sealedRequestKey?: Binary
  /** What encrypted the entry. Absent: nothing did. */
  readonly entryKey?: string
  readonly cacheKey?: string
  readonly jobId?: string
  /** Like `requestKey`. */
  readonly scope?: string
  readonly sealedScope?: Binary
  readonly space?: string
  /** Floats; encrypted, the request's key and then the floats, so that one step opens all that a candidate is. */
  readonly vector?: Binary
  readonly kind: CacheableOutput["kind"]
  readonly output: Sealed
  readonly origin: CacheOrigin
  readonly storedAt: Date
  readonly freshUntil: Date
  readonly keepUntil: Date
}

/** One id for one tenant, route and request, however their names run into each other. */
export function cacheIdOf({ tenantId, route, requestKey }: Pick<CacheEntry, "tenantId" | "route" | "requestKey">): string {
  return JSON.stringify([tenantId, route, requestKey])
}

/** A text that is looked for by equality, with the names of what it belongs to, so that equal texts of two tenants differ. */
function soughtText(entry: Pick<CacheEntry, "tenantId" | "route">, field: string, text: string): string {
  return JSON.stringify([entry.tenantId, entry.route, field, text])
}

/** What may stand in the database for a text that is looked for, the one to be written first; the last is of before encryption. */
export function soughtAs(
  sealer: Sealer,
  entry: Pick<CacheEntry, "tenantId" | "route">,
  { field, text }: { readonly field: "requestKey" | "scope"; readonly text: string },
): readonly [string, ...string[]] {
  const [first, ...others] = sealer.blinds(soughtText(entry, field, text))
  return first === undefined ? [text] : [first, ...others, text]
}

/** The ids that an entry may have. */
export function cacheIdsOf(entry: Pick<CacheEntry, "tenantId" | "route" | "requestKey">, sealer: Sealer): string[] {
  const { tenantId, route } = entry
  return soughtAs(sealer, entry, { field: "requestKey", text: entry.requestKey }).map((requestKey) =>
    cacheIdOf({ tenantId, route, requestKey }),
  )
}

function placeInCache({ tenantId, route }: Pick<CacheEntry, "tenantId" | "route">, requestKey: string, field: string): Place {
  return { collection: cacheCollection, id: cacheIdOf({ tenantId, route, requestKey }), tenantId, field }
}

export function toCacheDocument(entry: CacheEntry, sealer: Sealer): CacheDocument {
  const { cacheKey, jobId, scope, vector, output, requestKey, ...always } = entry
  const [sought] = soughtAs(sealer, entry, { field: "requestKey", text: requestKey })
  const place = (field: string) => placeInCache(entry, sought, field)
  const document = {
    _id: cacheIdOf({ ...entry, requestKey: sought }),
    schemaVersion: cacheSchemaVersion,
    ...always,
    requestKey: sought,
    kind: output.kind,
    output: sealer.seal(toJsonText(output.output), place("output")),
    ...present({ cacheKey, jobId, entryKey: sealer.keyId }),
    ...(scope !== null && { scope: soughtAs(sealer, entry, { field: "scope", text: scope })[0] }),
    ...(vector && { space: vector.space, vector: toVector(vector.values, requestKey, sealer, place("vector")) }),
  }
  return { ...document, ...sealedNames({ requestKey, scope }, sealer, place) }
}

/** The texts that are looked for, to be read again only by who has the key. */
function sealedNames(
  { requestKey, scope }: Pick<CacheEntry, "requestKey" | "scope">,
  sealer: Sealer,
  place: (field: string) => Place,
): Pick<CacheDocument, "sealedRequestKey" | "sealedScope"> {
  const sealed = (text: string | null, field: string) => {
    const value = text === null ? null : sealer.seal(text, place(field))
    return value instanceof Binary ? value : null
  }
  return present({ sealedRequestKey: sealed(requestKey, "requestKey"), sealedScope: sealed(scope, "scope") })
}

export function fromCacheDocument(document: CacheDocument, sealer: Sealer): CacheEntry {
  const { tenantId, route, origin, storedAt, freshUntil, keepUntil, sealedRequestKey, sealedScope } = document
  const place = (field: string) => placeInCache(document, document.requestKey, field)
  const { space } = document
  const values = vectorOf(document, sealer)
  return {
    tenantId,
    route,
    requestKey: sealedRequestKey ? sealer.open(sealedRequestKey, place("requestKey")) : document.requestKey,
    cacheKey: document.cacheKey ?? null,
    jobId: document.jobId ?? null,
    scope: sealedScope ? sealer.open(sealedScope, place("scope")) : (document.scope ?? null),
    vector: space !== undefined && values !== null ? { space, values: values.values } : null,
    // The text is what `toJsonText` made of an output of that kind.
    output: { kind: document.kind, output: JSON.parse(sealer.open(document.output, place("output"))) },
    origin,
    storedAt,
    freshUntil,
    keepUntil,
  }
}

function toVector(values: Float32Array, requestKey: string, sealer: Sealer, place: Place): Binary {
  if (sealer.keyId === null) return Binary.fromFloat32Array(values)
  const [key, floats] = [Buffer.from(requestKey), Binary.fromFloat32Array(values).value()]
  return new Binary(sealer.sealBytes(Buffer.concat([Buffer.from([key.length]), key, floats]), place))
}

export type CandidateDocument = Pick<CacheDocument, "tenantId" | "route" | "requestKey" | "vector" | "entryKey">

/** A candidate's vector with its request's key; null for an entry that has none. */
export function vectorOf(
  document: CandidateDocument,
  sealer: Sealer,
): { readonly requestKey: string; readonly values: Float32Array } | null {
  const { vector, requestKey, entryKey } = document
  if (vector === undefined) return null
  if (entryKey === undefined) return { requestKey, values: vector.toFloat32Array() }
  const place = placeInCache(document, requestKey, "vector")
  const opened = sealer.openBytes(vector.value(), keyIdOf(vector, place), place)
  const keyEnd = 1 + (opened[0] ?? 0)
  const binary = new Binary(opened.subarray(keyEnd), Binary.SUBTYPE_VECTOR)
  return { requestKey: Buffer.from(opened.subarray(1, keyEnd)).toString("utf8"), values: binary.toFloat32Array() }
}
