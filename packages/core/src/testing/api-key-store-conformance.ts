import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { uuidV7Hex } from "../job/job-id.ts"
import type { ApiKeyStore } from "../ports/api-key-store.ts"
import type { ApiKey } from "../tenancy/api-key.ts"
import { sampleApiKey } from "./sample-tenancy.ts"

const t0 = new Date("2026-01-01T00:00:00.000Z")
const later = (ms: number) => new Date(t0.getTime() + ms)

/** What every `ApiKeyStore` promises. */
export function apiKeyStoreConformance(name: string, open: () => Promise<{ store: ApiKeyStore; close: () => Promise<void> }>): void {
  describe(`${name} as an ApiKeyStore`, () => {
    let store: ApiKeyStore
    let close: () => Promise<void>
    beforeAll(async () => {
      const opened = await open()
      store = opened.store
      close = opened.close
    })
    afterAll(() => close())

    async function inserted(overrides: Partial<ApiKey> = {}): Promise<ApiKey> {
      const key = sampleApiKey({ tenantId: `t-${uuidV7Hex({ at: t0 })}`, ...overrides })
      await store.insert(key)
      return key
    }
    const hashOf = (key: ApiKey): string => key.secrets[0]?.hash ?? ""
    const rotation = (seed: string) => ({ hash: seed.repeat(64).slice(0, 64), hint: `sk_${seed}`, at: later(10), overlapMs: 1_000 })

    test("keeps keys for their tenants alone, and finds them by the hash of their secret", async () => {
      const key = await inserted({ expiresAt: later(5), revoked: { at: later(1), by: "admin" }, lastUsedAt: later(2) })
      await store.insert({ ...key, name: "again" })
      const foreign = { tenantId: "another", id: key.id }
      expect(await store.find(key)).toEqual(key)
      expect(await store.find(foreign)).toBeNull()
      expect(await store.rotate({ ...foreign, ...rotation("a") })).toBeNull()
      expect(await store.revoke({ ...foreign, at: t0, by: "x" })).toBeNull()
      expect(await store.findByHash(hashOf(key))).toEqual(key)
      expect(await store.findByHash("0".repeat(64))).toBeNull()
    })

    test("lists newest first by page", async () => {
      const first = await inserted({ createdAt: later(1) })
      const { tenantId } = first
      const second = await inserted({ tenantId, createdAt: later(2) })
      const third = await inserted({ tenantId, createdAt: later(3) })
      expect(await store.list({ tenantId, before: null, limit: 2 })).toEqual([third, second])
      expect(await store.list({ tenantId, before: second.id, limit: 2 })).toEqual([first])
    })

    test("rotates: the old secret goes on until the overlap ends, and is found still", async () => {
      const key = await inserted()
      const next = { ...rotation(key.id.slice(-8)), at: later(10) }
      const rotated = await store.rotate({ tenantId: key.tenantId, id: key.id, ...next })
      expect(rotated?.secrets).toEqual([
        { hash: next.hash, hint: next.hint, createdAt: later(10), expiresAt: null },
        { ...key.secrets[0], expiresAt: later(1_010) },
      ])
      expect(await store.findByHash(hashOf(key))).toEqual(rotated)
      expect(await store.findByHash(next.hash)).toEqual(rotated)
    })

    test("rotates one after the other what is rotated at once", async () => {
      const key = await inserted()
      const seeds = ["1", "2", "3"].map((seed) => seed + key.id.slice(-8))
      await Promise.all(seeds.map((seed) => store.rotate({ ...key, ...rotation(seed) })))
      expect((await store.find(key))?.secrets).toHaveLength(4)
    })

    test("revokes once, and rotates no more then", async () => {
      const key = await inserted()
      const revoked = await store.revoke({ ...key, at: later(5), by: "key_1" })
      expect(revoked).toEqual({ ...key, revoked: { at: later(5), by: "key_1" } })
      expect(await store.revoke({ ...key, at: later(6), by: "key_2" })).toEqual(revoked)
      expect(await store.rotate({ ...key, ...rotation("b") })).toBeNull()
    })

    test("tells of what changed since a mark", async () => {
      const key = await inserted()
      const { mark, changed: none } = await store.changedSince(null)
      expect(none).toEqual([])
      const [other] = [await inserted(), await store.revoke({ ...key, at: later(5), by: "admin" })]
      const next = await store.changedSince(mark)
      const idsOf = (keys: readonly ApiKey[]) => keys.map(({ id }) => id)
      expect(idsOf(next.changed)).toEqual(expect.arrayContaining([key.id, other.id]))
      expect(next.changed.find(({ id }) => id === key.id)?.revoked).not.toBeNull()
      const rotated = await inserted()
      await store.rotate({ ...rotated, ...rotation(rotated.id.slice(-8)) })
      const last = await store.changedSince(next.mark)
      expect(last.changed.find(({ id }) => id === rotated.id)?.secrets).toHaveLength(2)
    })

    test("notes the latest use, which is not a change", async () => {
      const [key, other] = [await inserted(), await inserted()]
      await store.noteUses([])
      await store.noteUses([
        { id: key.id, at: later(9) },
        { id: other.id, at: later(3) },
        { id: "key_none", at: later(3) },
      ])
      await store.noteUses([{ id: key.id, at: later(4) }])
      expect((await store.find(key))?.lastUsedAt).toEqual(later(9))
      expect((await store.find(other))?.lastUsedAt).toEqual(later(3))
    })
  })
}
