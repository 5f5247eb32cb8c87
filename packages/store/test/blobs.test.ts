import { StorageUnavailableError } from "@sluice/core"
import { createTcpProxy } from "@sluice/devstack"
import { afterAll, beforeAll, describe, expect, inject, test, vi } from "vitest"
import { openTestStore, type TestStore } from "./open-test-store.ts"

const tenantId = "t"
const contentType = "application/octet-stream"
const bytesOf = (length: number, value: number) => new Uint8Array(length).fill(value)

describe("blobs", () => {
  let store: TestStore
  beforeAll(async () => {
    store = await openTestStore()
  })
  afterAll(() => store.close())
  const count = (collection: string, filter: object) => store.direct.collection(collection).countDocuments(filter)

  test("that many write at once are one of them, whole, and leave nothing of the others", async () => {
    const put = (value: number) => store.blobs.put({ id: "contested", tenantId, contentType, bytes: bytesOf(2_500_000, value) })
    await Promise.all([1, 2, 3, 4].map(put))
    const stored = await store.blobs.get({ id: "contested", tenantId })
    expect(stored?.bytes.length).toBe(2_500_000)
    expect(new Set(stored?.bytes).size).toBe(1)
    expect(await count("blobs.files", { filename: "contested" })).toBe(1)
    expect(await count("blobs.chunks", {})).toBe(3)
    await store.blobs.delete({ id: "contested", tenantId })
    expect(await count("blobs.chunks", {})).toBe(0)
  })

  test("are read whole while they are replaced", async () => {
    const put = (value: number) => store.blobs.put({ id: "busy", tenantId, contentType, bytes: bytesOf(2_500_000, value) })
    await put(0)
    let isWriting = true
    const writing = [1, 2, 3, 4, 5]
      .reduce((before, value) => before.then(() => put(value)), Promise.resolve())
      .finally(() => {
        isWriting = false
      })
    while (isWriting) {
      const stored = await store.blobs.get({ id: "busy", tenantId })
      expect(stored?.bytes.length).toBe(2_500_000)
      expect(new Set(stored?.bytes).size).toBe(1)
    }
    await writing
    expect((await store.blobs.get({ id: "busy", tenantId }))?.bytes[0]).toBe(5)
  })

  test("of two tenants under one id are two blobs", async () => {
    await store.blobs.put({ id: "shared", tenantId: "a", contentType: "text/a", bytes: bytesOf(3, 1) })
    await store.blobs.put({ id: "shared", tenantId: "b", contentType: "text/b", bytes: bytesOf(3, 2) })
    expect(await store.blobs.get({ id: "shared", tenantId: "a" })).toEqual({ contentType: "text/a", bytes: bytesOf(3, 1) })
    await store.blobs.delete({ id: "shared", tenantId: "a" })
    expect(await store.blobs.get({ id: "shared", tenantId: "b" })).toEqual({ contentType: "text/b", bytes: bytesOf(3, 2) })
  })

  test("that are damaged are an error, not a shorter blob", async () => {
    await store.blobs.put({ id: "damaged", tenantId, contentType, bytes: bytesOf(2_500_000, 1) })
    const db = store.direct
    const file = await db.collection("blobs.files").findOne({ filename: "damaged" })
    await db.collection("blobs.chunks").deleteOne({ files_id: file?._id, n: 1 })
    await expect(store.blobs.get({ id: "damaged", tenantId })).rejects.toThrow()
  })

  test("whose upload the network interrupts leave the old blob, and are stored when it is back", async () => {
    const proxy = await createTcpProxy({ targetPort: Number(new URL(inject("mongodbUrl")).port) })
    const url = `mongodb://127.0.0.1:${proxy.port}/?directConnection=true`
    const impatience = { serverSelectionTimeoutMs: 300, socketTimeoutMs: 300, connectTimeoutMs: 300, blobTimeoutMs: 1_500 }
    const shaky = await openTestStore({ url, ...impatience })
    const put = (value: number) => shaky.blobs.put({ id: "kept", tenantId, contentType, bytes: bytesOf(3_000_000, value) })
    await put(1)
    proxy.set("frozen")
    await expect(put(2)).rejects.toBeInstanceOf(StorageUnavailableError)
    proxy.set("open")
    await vi.waitFor(async () => expect((await shaky.blobs.get({ id: "kept", tenantId }))?.bytes[0]).toBe(1), { timeout: 15_000 })
    await put(3)
    expect((await shaky.blobs.get({ id: "kept", tenantId }))?.bytes[0]).toBe(3)
    await shaky.close()
    await proxy.close()
  })
})
