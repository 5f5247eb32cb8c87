import type { Blob, BlobStore } from "../ports/blob-store.ts"

/** Blobs in a map. */
export function createMemoryBlobStore(): BlobStore {
  const blobs = new Map<string, Blob & { tenantId: string }>()
  return {
    put({ id, tenantId, contentType, bytes }) {
      blobs.set(id, { tenantId, contentType, bytes: bytes.slice() })
      return Promise.resolve()
    },
    get({ id, tenantId }) {
      const blob = blobs.get(id)
      return Promise.resolve(blob?.tenantId === tenantId ? { contentType: blob.contentType, bytes: blob.bytes } : null)
    },
    delete({ id, tenantId }) {
      if (blobs.get(id)?.tenantId === tenantId) blobs.delete(id)
      return Promise.resolve()
    },
    deleteAllOf({ owner, tenantId }) {
      for (const [id, blob] of blobs) if (blob.tenantId === tenantId && id.startsWith(`${owner}-`)) blobs.delete(id)
      return Promise.resolve()
    },
  }
}
