import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { type CacheEntry, type CacheSelection, maxCachedBytes, type ResultCache } from "../ports/result-cache.ts"
import { sampleCacheEntry } from "./sample-cache-entry.ts"

/** What every `ResultCache` promises. */
export function resultCacheConformance(name: string, open: () => Promise<{ cache: ResultCache; close: () => Promise<void> }>): void {
  describe(`${name} as a ResultCache`, () => {
    let opened: Awaited<ReturnType<typeof open>>
    beforeAll(async () => {
      opened = await open()
    })
    afterAll(() => opened.close())

    const { storedAt: now } = sampleCacheEntry()
    const after = (ms: number) => new Date(now.getTime() + ms)
    let tenants = 0
    const newTenant = () => `tenant-${++tenants}`
    const putAll = async (entries: readonly CacheEntry[]) => {
      for (const entry of entries) expect(await opened.cache.put(entry)).toBe("stored")
    }
    const find = ({ tenantId, route, requestKey }: CacheEntry, at = now) => opened.cache.find({ tenantId, route, requestKey, at })

    describe("find", () => {
      test("returns an entry as it was put, with everything and with the least", async () => {
        const tenantId = newTenant()
        const full = sampleCacheEntry({
          tenantId,
          cacheKey: "k",
          scope: "s",
          vector: { space: "v1", values: Float32Array.of(0.25, -1.5, 3e-7) },
          output: { kind: "custom", output: { "a.b": [1, null, { $set: "\u0000 \ud83d\ude00" }], __proto__x: -1.5 } },
        })
        const least = sampleCacheEntry({ tenantId, requestKey: "request-2", jobId: null })
        const vectors = sampleCacheEntry({
          tenantId,
          requestKey: "request-3",
          output: { kind: "embedding", output: { embeddings: [[0.1]], dimensions: 1 } },
        })
        await putAll([full, least, vectors])
        for (const entry of [full, least, vectors]) expect(await find(entry)).toEqual(entry)
      })

      test("replaces what was there, in every respect", async () => {
        const tenantId = newTenant()
        const old = sampleCacheEntry({ tenantId, cacheKey: "old", scope: "s", vector: { space: "v", values: Float32Array.of(1) } })
        const replacement = sampleCacheEntry({ tenantId, jobId: "job_2", storedAt: after(5) })
        await putAll([old, replacement])
        expect(await find(old)).toEqual(replacement)
        expect(await opened.cache.findByCacheKey({ tenantId, route: "chat", cacheKey: "old", at: now })).toBeNull()
        expect(await opened.cache.count({ tenantId, at: now })).toMatchObject([{ entries: 1 }])
      })

      test("tells tenants, routes and requests apart, also where their names run into each other", async () => {
        const tenantId = newTenant()
        const entries = [
          sampleCacheEntry({ tenantId, route: "a", requestKey: "b" }),
          sampleCacheEntry({ tenantId: `${tenantId}","a`, route: "b", requestKey: "b" }),
          sampleCacheEntry({ tenantId, route: "b", requestKey: "b" }),
          sampleCacheEntry({ tenantId, route: "b", requestKey: "a" }),
        ].map((entry, index) => ({ ...entry, jobId: `job_${index}` }))
        await putAll(entries)
        for (const entry of entries) expect(await find(entry)).toEqual(entry)
        expect(await find(sampleCacheEntry({ tenantId, route: "a", requestKey: "a" }))).toBeNull()
      })

      test("finds what is no longer fresh, and nothing from keepUntil on", async () => {
        const entry = sampleCacheEntry({ tenantId: newTenant(), freshUntil: now, keepUntil: after(1_000) })
        await putAll([entry])
        expect(await find(entry, after(999))).toEqual(entry)
        expect(await find(entry, after(1_000))).toBeNull()
      })

      test("keeps an output of the largest size, and what was there when a larger one comes", async () => {
        const tenantId = newTenant()
        const outputOf = (bytes: number) => ({ kind: "custom", output: "\u00e9".repeat((bytes - 2) / 2) }) as const
        const largest = sampleCacheEntry({ tenantId, output: outputOf(maxCachedBytes) })
        expect(await opened.cache.put(largest)).toBe("stored")
        expect(await opened.cache.put(sampleCacheEntry({ tenantId, output: outputOf(maxCachedBytes + 2) }))).toBe("too_large")
        expect(await find(largest)).toEqual(largest)
      })
    })

    describe("findByCacheKey", () => {
      test("returns the tenant's newest under the key, on this route", async () => {
        const tenantId = newTenant()
        const base = { tenantId, cacheKey: "k" }
        const newest = sampleCacheEntry({ ...base, requestKey: "2", storedAt: after(20) })
        const ended = sampleCacheEntry({ ...base, requestKey: "5", storedAt: after(60), keepUntil: after(70) })
        await putAll([
          sampleCacheEntry({ ...base, requestKey: "1", storedAt: after(10) }),
          newest,
          sampleCacheEntry({ ...base, requestKey: "3", storedAt: after(5) }),
          sampleCacheEntry({ ...base, requestKey: "4", storedAt: after(30), route: "other" }),
          sampleCacheEntry({ ...base, requestKey: "6", storedAt: after(40), cacheKey: "K" }),
          sampleCacheEntry({ ...base, tenantId: newTenant(), storedAt: after(50) }),
          ended,
        ])
        const findKey = (at: Date) => opened.cache.findByCacheKey({ tenantId, route: "chat", cacheKey: "k", at })
        expect(await findKey(after(69))).toEqual(ended)
        expect(await findKey(after(70))).toEqual(newest)
        expect(await opened.cache.findByCacheKey({ tenantId, route: "chat", cacheKey: "unknown", at: now })).toBeNull()
      })
    })

    describe("candidates", () => {
      const vector = (...values: number[]) => ({ space: "v1", values: Float32Array.from(values) })
      const ask = (tenantId: string, limit = 100, at = now) =>
        opened.cache.candidates({ tenantId, route: "chat", scope: "s", space: "v1", at, limit })

      test("are the newest of one tenant, route, scope and space", async () => {
        const tenantId = newTenant()
        const base = { tenantId, scope: "s", vector: vector(1, 2) }
        await putAll([
          sampleCacheEntry({ ...base, requestKey: "old", storedAt: after(1) }),
          sampleCacheEntry({ ...base, requestKey: "new", storedAt: after(3), vector: vector(5, 6), freshUntil: after(9) }),
          sampleCacheEntry({ ...base, requestKey: "middle", storedAt: after(2), vector: vector(3, 4) }),
          sampleCacheEntry({ ...base, requestKey: "ended", storedAt: after(4), keepUntil: now }),
          sampleCacheEntry({ ...base, requestKey: "other scope", storedAt: after(5), scope: "t" }),
          sampleCacheEntry({ ...base, requestKey: "other space", storedAt: after(5), vector: { ...vector(9), space: "v2" } }),
          sampleCacheEntry({ ...base, requestKey: "other route", storedAt: after(5), route: "other" }),
          sampleCacheEntry({ ...base, requestKey: "no vector", storedAt: after(5), vector: null }),
          sampleCacheEntry({ ...base, requestKey: "other tenant", storedAt: after(5), tenantId: newTenant() }),
        ])
        expect(await ask(tenantId, 2)).toEqual([
          { requestKey: "new", values: Float32Array.of(5, 6), freshUntil: after(9) },
          { requestKey: "middle", values: Float32Array.of(3, 4), freshUntil: after(3_600_000) },
        ])
        expect((await ask(tenantId)).map(({ requestKey }) => requestKey)).toEqual(["new", "middle", "old"])
      })

      test("are none where there are none", async () => {
        expect(await ask(newTenant())).toEqual([])
      })
    })

    describe("invalidate", () => {
      const selections: [CacheSelection, string[]][] = [
        [{ by: "request", route: "chat", requestKey: "1" }, ["1"]],
        [{ by: "cacheKey", route: "chat", cacheKey: "k" }, ["1", "2"]],
        [{ by: "job", jobId: "job_a" }, ["1", "4"]],
        [{ by: "route", route: "chat" }, ["1", "2", "3"]],
        [{ by: "route", route: "chat", olderThan: now }, ["3"]],
        [{ by: "route", route: "unknown" }, []],
      ]
      test.each(selections)("%j removes that of the tenant, and nothing else", async (selection, removed) => {
        const entriesOf = (tenantId: string) => [
          sampleCacheEntry({ tenantId, requestKey: "1", cacheKey: "k", jobId: "job_a" }),
          sampleCacheEntry({ tenantId, requestKey: "2", cacheKey: "k", jobId: "job_b" }),
          sampleCacheEntry({ tenantId, requestKey: "3", jobId: null, storedAt: after(-1) }),
          sampleCacheEntry({ tenantId, requestKey: "4", cacheKey: "k", route: "other", jobId: "job_a" }),
        ]
        const [tenantId, bystander] = [newTenant(), newTenant()]
        await putAll([...entriesOf(tenantId), ...entriesOf(bystander)])
        expect(await opened.cache.invalidate({ tenantId, selection })).toBe(removed.length)
        expect(await opened.cache.invalidate({ tenantId, selection })).toBe(0)
        for (const entry of entriesOf(tenantId)) {
          expect(await find(entry)).toEqual(removed.includes(entry.requestKey) ? null : entry)
        }
        for (const entry of entriesOf(bystander)) expect(await find(entry)).toEqual(entry)
      })
    })

    test("count tells what is kept and what is fresh, by route", async () => {
      const tenantId = newTenant()
      await putAll([
        sampleCacheEntry({ tenantId, route: "b", requestKey: "1" }),
        sampleCacheEntry({ tenantId, route: "b", requestKey: "2", freshUntil: now }),
        sampleCacheEntry({ tenantId, route: "b", requestKey: "3", keepUntil: now }),
        sampleCacheEntry({ tenantId, route: "a", requestKey: "1" }),
        sampleCacheEntry({ tenantId: newTenant(), route: "a", requestKey: "2" }),
      ])
      expect(await opened.cache.count({ tenantId, at: now })).toEqual([
        { route: "a", entries: 1, fresh: 1 },
        { route: "b", entries: 2, fresh: 1 },
      ])
      expect(await opened.cache.count({ tenantId: newTenant(), at: now })).toEqual([])
    })
  })
}
