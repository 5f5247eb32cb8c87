import type { SendTo } from "../connection/database.ts"
import type { Sealer } from "../encryption/sealer.ts"
import { isDuplicateKey } from "../errors/duplicate-key.ts"
import { type CacheDocument, cacheSchemaVersion, fromCacheDocument, toCacheDocument } from "./cache-document.ts"

/** The key in use makes another id, so the entry is put anew and the old one removed. A newer answer that is there already stays. */
export async function resealCacheEntry(toCache: SendTo<CacheDocument>, document: CacheDocument, sealer: Sealer): Promise<void> {
  if (document.schemaVersion === cacheSchemaVersion) {
    const anew = toCacheDocument(fromCacheDocument(document, sealer), sealer)
    await toCache((cache) => cache.insertOne(anew).catch(ignoreKnown))
  }
  await toCache((cache) => cache.deleteOne({ _id: document._id, entryKey: document.entryKey ?? { $exists: false } }))
}

function ignoreKnown(error: unknown): void {
  if (!isDuplicateKey(error)) throw error
}
