import { afterAll, beforeAll, describe, expect, test } from "vitest"
import type { BlobStore } from "../ports/blob-store.ts"

/** What every `BlobStore` promises. */
export function blobStoreConformance(name: string, open: () => Promise<{ store: BlobStore; close: () => Promise<void> }>): void {
  describe(`${name} as a BlobStore`, () => {
    let opened: Awaited<ReturnType<typeof open>>
    beforeAll(async () => {
      opened = await open()
    })
    afterAll(() => opened.close())

    const tenantId = "blobs"
    const bytesOf = (length: number, seed: number) => Uint8Array.from({ length }, (_, index) => (index * 31 + seed) % 251)

    test.each([0, 1, 300_000, 17_000_000])("returns %i bytes as they were", async (length) => {
      const blob = { id: `size-${length}`, tenantId, contentType: "application/octet-stream", bytes: bytesOf(length, 1) }
      await opened.store.put(blob)
      const stored = await opened.store.get({ id: blob.id, tenantId })
      expect(stored?.contentType).toBe(blob.contentType)
      expect(Buffer.compare(stored?.bytes ?? bytesOf(1, 9), blob.bytes)).toBe(0)
    })

    test("replaces what was there", async () => {
      await opened.store.put({ id: "twice", tenantId, contentType: "text/plain", bytes: bytesOf(600_000, 1) })
      await opened.store.put({ id: "twice", tenantId, contentType: "text/html", bytes: bytesOf(10, 2) })
      expect(await opened.store.get({ id: "twice", tenantId })).toEqual({ contentType: "text/html", bytes: bytesOf(10, 2) })
    })

    test("shows and deletes nothing of another tenant", async () => {
      await opened.store.put({ id: "mine", tenantId, contentType: "text/plain", bytes: bytesOf(3, 1) })
      expect(await opened.store.get({ id: "mine", tenantId: "other" })).toBeNull()
      await opened.store.delete({ id: "mine", tenantId: "other" })
      expect(await opened.store.get({ id: "mine", tenantId })).not.toBeNull()
      await opened.store.delete({ id: "mine", tenantId })
      expect(await opened.store.get({ id: "mine", tenantId })).toBeNull()
    })

    test("removes all that belongs to one owner and tenant, and nothing else", async () => {
      const blob = { tenantId, contentType: "text/plain", bytes: bytesOf(3, 1) }
      const [mine, others] = [
        ["owner-1-a", "owner-1-a-image-0", "owner-2"],
        ["owner", "owner2-1", "owner.1"],
      ]
      for (const id of [...mine, ...others]) await opened.store.put({ ...blob, id })
      await opened.store.put({ ...blob, id: "owner-1-b", tenantId: "other" })
      await opened.store.deleteAllOf({ owner: "owner", tenantId })
      for (const id of mine) expect(await opened.store.get({ id, tenantId })).toBeNull()
      for (const id of others) expect(await opened.store.get({ id, tenantId })).not.toBeNull()
      expect(await opened.store.get({ id: "owner-1-b", tenantId: "other" })).not.toBeNull()
    })

    test("has nothing under an unknown id, and minds no second delete", async () => {
      expect(await opened.store.get({ id: "unknown", tenantId })).toBeNull()
      await expect(opened.store.delete({ id: "unknown", tenantId })).resolves.toBeUndefined()
    })
  })
}
