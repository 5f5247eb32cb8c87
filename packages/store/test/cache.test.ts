import type { CacheEntry, CacheSelection, ResultCache } from "@sluice/core"
import { createMemoryResultCache, resultCacheConformance, sampleCacheEntry } from "@sluice/core/testing"
import fc from "fast-check"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { type CacheDocument, cacheSchemaVersion } from "../src/cache/cache-document.ts"
import { connectStore } from "../src/connect-store.ts"
import { openTestStore, type TestStore } from "./open-test-store.ts"

resultCacheConformance("MongoDB", async () => {
  const { cache, close } = await openTestStore()
  return { cache, close }
})

describe("the cache in MongoDB", () => {
  let store: TestStore
  beforeAll(async () => {
    store = await openTestStore()
  })
  afterAll(() => store.close())
  const collection = () => store.direct.collection<CacheDocument>("cache")
  const { storedAt: at } = sampleCacheEntry()
  const lookUp = ({ tenantId, route, requestKey }: CacheEntry) => store.cache.find({ tenantId, route, requestKey, at })

  test("many who store the same request at once leave one entry, whole", async () => {
    const other = await connectStore({ url: store.url, database: store.database })
    const entries = Array.from({ length: 40 }, (_, index) =>
      sampleCacheEntry({ tenantId: "rivals", jobId: `job_${index}`, cacheKey: `key_${index}` }),
    )
    const outcomes = await Promise.all(entries.map((entry, index) => (index % 2 === 0 ? store : other).cache.put(entry)))
    expect(new Set(outcomes)).toEqual(new Set(["stored"]))
    expect(entries).toContainEqual(await lookUp(sampleCacheEntry({ tenantId: "rivals" })))
    expect(await collection().countDocuments({ tenantId: "rivals" })).toBe(1)
    await other.close()
  })

  test("MongoDB is told when to remove an entry", async () => {
    const indexes = await collection().indexes()
    expect(indexes).toContainEqual(expect.objectContaining({ key: { keepUntil: 1 }, expireAfterSeconds: 0 }))
  })

  test("what another release has written is not found, counted or compared, and can be replaced", async () => {
    const entry = sampleCacheEntry({
      tenantId: "newer",
      cacheKey: "k",
      scope: "s",
      vector: { space: "v", values: Float32Array.of(1, 0) },
    })
    const { tenantId, route } = entry
    const answers = () =>
      Promise.all([
        lookUp(entry),
        store.cache.findByCacheKey({ tenantId, route, cacheKey: "k", at }),
        store.cache.candidates({ tenantId, route, scope: "s", space: "v", at, limit: 9 }),
        store.cache.count({ tenantId, at }),
      ])
    await store.cache.put(entry)
    const before = await answers()
    expect(before).toMatchObject([entry, entry, [{ requestKey: entry.requestKey }], [{ entries: 1 }]])
    await collection().updateOne({ tenantId }, { $set: { schemaVersion: cacheSchemaVersion + 1 } })
    expect(await answers()).toEqual([null, null, [], []])
    await store.cache.put(entry)
    expect(await answers()).toEqual(before)
  })

  test("JSON that BSON would change comes back as it was", async () => {
    let tenants = 0
    await fc.assert(
      fc.asyncProperty(fc.jsonValue(), async (value) => {
        const output = JSON.parse(JSON.stringify(value))
        const entry = sampleCacheEntry({ tenantId: `json-${++tenants}`, output: { kind: "custom", output } })
        await store.cache.put(entry)
        expect(await lookUp(entry)).toEqual(entry)
      }),
      { numRuns: 50 },
    )
  })

  test("does as the cache in memory does, whatever is asked in whatever order", async () => {
    let scripts = 0
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 25 }), async (steps) => {
        const tenantOf = (name: string) => `script-${scripts}-${name}`
        scripts += 1
        const memory = createMemoryResultCache()
        for (const run of steps) expect(await run(store.cache, tenantOf)).toEqual(await run(memory, tenantOf))
      }),
      { numRuns: 40 },
    )
  })
})

type Step = (cache: ResultCache, tenantOf: (name: string) => string) => Promise<unknown>

const few = (...names: [string, ...string[]]) => fc.constantFrom(...names)
const tenant = few("t", "u")
const route = few("chat", "other")
const requestKey = few("1", "2", "3")
const time = fc.integer({ min: 0, max: 4 }).map((ms) => new Date(sampleCacheEntry().storedAt.getTime() + ms))
const nullable = (name: fc.Arbitrary<string>) => fc.option(name)
const vector = fc.option(fc.record({ space: few("v", "w"), values: fc.constantFrom(Float32Array.of(1, 0), Float32Array.of(0, -1)) }))

const put = fc
  .record({
    tenantId: tenant,
    route,
    requestKey,
    cacheKey: nullable(few("k", "l")),
    jobId: nullable(few("job_1", "job_2")),
    scope: nullable(few("s", "t")),
    vector,
    storedAt: time,
    freshUntil: time,
    keepUntil: time,
  })
  .map((overrides): Step => {
    return (cache, tenantOf) => cache.put(sampleCacheEntry({ ...overrides, tenantId: tenantOf(overrides.tenantId) }))
  })

const selection: fc.Arbitrary<CacheSelection> = fc.oneof(
  fc.record({ by: fc.constant("request" as const), route, requestKey }),
  fc.record({ by: fc.constant("cacheKey" as const), route, cacheKey: few("k", "l") }),
  fc.record({ by: fc.constant("job" as const), jobId: few("job_1", "job_2") }),
  fc.record({ by: fc.constant("route" as const), route }),
)

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 3, arbitrary: put },
  fc.record({ tenantId: tenant, route, requestKey, at: time }).map((request): Step => {
    return (cache, tenantOf) => cache.find({ ...request, tenantId: tenantOf(request.tenantId) })
  }),
  fc.record({ tenantId: tenant, route, cacheKey: few("k", "l"), at: time }).map((request): Step => {
    return (cache, tenantOf) => cache.findByCacheKey({ ...request, tenantId: tenantOf(request.tenantId) })
  }),
  fc
    .record({ tenantId: tenant, route, scope: few("s", "t"), space: few("v", "w"), at: time, limit: fc.constantFrom(1, 2, 9) })
    .map((request): Step => {
      return (cache, tenantOf) => cache.candidates({ ...request, tenantId: tenantOf(request.tenantId) })
    }),
  fc.record({ tenantId: tenant, selection }).map((request): Step => {
    return (cache, tenantOf) => cache.invalidate({ ...request, tenantId: tenantOf(request.tenantId) })
  }),
  fc.record({ tenantId: tenant, at: time }).map((request): Step => {
    return (cache, tenantOf) => cache.count({ ...request, tenantId: tenantOf(request.tenantId) })
  }),
)
