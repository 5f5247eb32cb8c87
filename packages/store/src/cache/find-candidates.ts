import type { CacheCandidate, CandidateRequest } from "@sluice/core"
import type { Collection } from "mongodb"
import { type CacheDocument, cacheSchemaVersion } from "./cache-document.ts"

/** Vectors only: the answer of the one that wins is read by its key. */
export async function findCandidates(
  collection: Collection<CacheDocument>,
  { tenantId, route, scope, space, at, limit }: CandidateRequest,
): Promise<readonly CacheCandidate[]> {
  const filter = { tenantId, route, scope, space, keepUntil: { $gt: at }, schemaVersion: cacheSchemaVersion }
  const found = await collection
    .find(filter, { sort: { storedAt: -1, requestKey: 1 }, limit, batchSize: limit + 1 })
    .project<Pick<CacheDocument, "requestKey" | "vector" | "freshUntil">>({ _id: 0, requestKey: 1, vector: 1, freshUntil: 1 })
    .toArray()
  return found.flatMap(({ requestKey, vector, freshUntil }) =>
    vector === undefined ? [] : { requestKey, values: vector.toFloat32Array(), freshUntil },
  )
}
