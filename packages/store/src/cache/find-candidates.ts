import type { CacheCandidate, CandidateRequest } from "@sluice/core"
import type { Collection } from "mongodb"
import type { Sealer } from "../encryption/sealer.ts"
import { type CacheDocument, type CandidateDocument, cacheSchemaVersion, soughtAs, vectorOf } from "./cache-document.ts"

const projection = { _id: 0, tenantId: 1, route: 1, requestKey: 1, vector: 1, entryKey: 1, freshUntil: 1 }

/** Vectors only: the answer of the one that wins is read by its key. */
export async function findCandidates(
  collection: Collection<CacheDocument>,
  { tenantId, route, scope, space, at, limit }: CandidateRequest,
  sealer: Sealer,
): Promise<readonly CacheCandidate[]> {
  const scopes = soughtAs(sealer, { tenantId, route }, { field: "scope", text: scope })
  const filter = { tenantId, route, scope: oneOf(scopes), space, keepUntil: { $gt: at }, schemaVersion: cacheSchemaVersion }
  const found = await collection
    .find(filter, { sort: { storedAt: -1, requestKey: 1 }, limit, batchSize: limit + 1 })
    .project<CandidateDocument & Pick<CacheDocument, "freshUntil">>(projection)
    .toArray()
  return found.flatMap((document) => {
    const opened = vectorOf(document, sealer)
    return opened ? { ...opened, freshUntil: document.freshUntil } : []
  })
}

/** A plain condition where there is only one, which an index serves in its order. */
function oneOf(texts: readonly string[]): string | { $in: string[] } {
  const [only = "", ...others] = texts
  return others.length === 0 ? only : { $in: [...texts] }
}
