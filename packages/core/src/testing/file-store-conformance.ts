import { afterAll, beforeAll, describe, expect, test } from "vitest"
import type { StoredFile } from "../files/stored-file.ts"
import { newFileId } from "../job/job-id.ts"
import type { FileStore } from "../ports/file-store.ts"

const startMs = Date.parse("2026-01-01T00:00:00.000Z")

/** What every `FileStore` promises. */
export function fileStoreConformance(name: string, open: () => Promise<{ files: FileStore; close: () => Promise<void> }>): void {
  describe(`${name} as a FileStore`, () => {
    let opened: Awaited<ReturnType<typeof open>>
    beforeAll(async () => {
      opened = await open()
    })
    afterAll(() => opened.close())

    const newTenant = () => `t-${newFileId({ at: new Date() })}`
    async function insert(tenantId: string, overrides: Partial<StoredFile>[]): Promise<StoredFile[]> {
      const made = overrides.map((override, index): StoredFile => {
        const createdAt = new Date(startMs + index)
        const id = newFileId({ at: createdAt })
        const expiresAt = new Date(startMs + 1_000_000)
        return { id, tenantId, filename: "a.jsonl", purpose: "batch", bytes: 3, createdAt, expiresAt, ...override }
      })
      for (const file of made) await opened.files.insert(file)
      return made
    }

    test("finds what was inserted, for its tenant alone, and keeps the first of an id", async () => {
      const tenantId = newTenant()
      const [file] = await insert(tenantId, [{ filename: "Übung 1.jsonl" }])
      if (!file) throw new Error("Nothing was made.")
      await opened.files.insert({ ...file, filename: "another" })
      expect(await opened.files.find({ tenantId, id: file.id })).toEqual(file)
      expect(await opened.files.find({ tenantId: "another", id: file.id })).toBeNull()
      expect(await opened.files.find({ tenantId, id: "file-none" })).toBeNull()
    })

    test("lists a tenant's by page, in either order, and by purpose", async () => {
      const tenantId = newTenant()
      const made = await insert(tenantId, [{}, { purpose: "batch_output" }, {}, {}])
      const list = (request: Partial<Parameters<FileStore["list"]>[0]>) =>
        opened.files.list({ tenantId, purpose: null, after: null, order: "newest", limit: 10, ...request })
      expect(await list({})).toEqual(made.toReversed())
      expect(await list({ order: "oldest" })).toEqual(made)
      expect(await list({ after: made[2]?.id ?? null, limit: 1 })).toEqual([made[1]])
      expect(await list({ after: made[1]?.id ?? null, order: "oldest" })).toEqual(made.slice(2))
      expect(await list({ purpose: "batch_output" })).toEqual([made[1]])
      expect(
        await opened.files.list({ tenantId: "another", purpose: null, after: made[3]?.id ?? null, order: "newest", limit: 10 }),
      ).not.toContainEqual(made[0])
    })

    test("removes one, once, for its tenant alone", async () => {
      const tenantId = newTenant()
      const [file] = await insert(tenantId, [{}])
      const id = file?.id ?? ""
      expect(await opened.files.remove({ tenantId: "another", id })).toBe(false)
      expect(await opened.files.remove({ tenantId, id })).toBe(true)
      expect(await opened.files.remove({ tenantId, id })).toBe(false)
      expect(await opened.files.find({ tenantId, id })).toBeNull()
    })

    test("finds what has expired, the longest expired first", async () => {
      const tenantId = newTenant()
      const at = new Date("2000-01-02T00:00:00.000Z")
      const [second, first, later] = await insert(tenantId, [
        { expiresAt: at },
        { expiresAt: new Date(at.getTime() - 1) },
        { expiresAt: new Date(at.getTime() + 1) },
      ])
      const expired = (await opened.files.findExpired({ at, limit: 100 })).filter((ref) => ref.tenantId === tenantId)
      expect(expired.map(({ id }) => id)).toEqual([first?.id, second?.id])
      for (const file of [first, second, later]) await opened.files.remove({ tenantId, id: file?.id ?? "" })
    })
  })
}
