import { connect } from "node:net"
import { configuration, invalidationReport, type ResultCache, StorageUnavailableError, seedReport } from "@sluice/core"
import { createMemoryResultCache } from "@sluice/core/testing"
import { describe, expect, test } from "vitest"
import { adminKey, startMemoryApi } from "./support/memory-api.ts"
import { memoryCacheOperations } from "./support/memory-cache.ts"

const { routes } = configuration.parse({
  endpoints: { a: { provider: "openai", baseUrl: "http://127.0.0.1:1/v1", model: "m" } },
  routes: {
    faq: {
      tiers: [{ name: "primary", endpoints: ["a"] }, { name: "cache" }],
      cache: { exact: { ttlMs: 60_000 }, similar: { threshold: 0.8 } },
    },
  },
})

const asking = (content: string) => ({ messages: [{ role: "user", content }] })
const item = (content: string, output: unknown, extra: object = {}) => ({ route: "faq", input: asking(content), output, ...extra })
const hours = item("When are you open?", "From 9 to 5.")
const place = item("Where are you?", "In Kiel.", { cacheKey: "where" })

async function setUp(cache: ResultCache = createMemoryResultCache()) {
  const api = await startMemoryApi({ app: { cache: memoryCacheOperations({ routes: () => routes, cache }) } })
  const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
    api.call({
      method: "POST",
      path,
      headers: { "content-type": "application/json", ...headers },
      body: typeof body === "string" ? body : JSON.stringify(body),
    })
  const seedLines = (text: string, { query = "", ...headers }: Record<string, string> = {}) =>
    post(`/v1/cache/seed${query}`, text, { "content-type": "application/x-ndjson", ...headers })
  const kept = async (tenantId = "default", at = new Date()) => (await cache.count({ tenantId, at }))[0]?.entries ?? 0
  return { ...api, post, seedLines, kept, seed: (items: unknown[], extra = {}) => post("/v1/cache/seed", { items, ...extra }) }
}

const inDays = (days: number) => new Date(Date.now() + days * 86_400_000)

describe("POST /v1/cache/seed", () => {
  test("stores items, and tells of each that is wrong where it stands and why", async () => {
    const { seed, kept } = await setUp()
    const { status, json } = await seed([hours, { ...hours, route: "fqa" }, place, 7])
    expect(status).toBe(200)
    expect(seedReport.parse(json)).toEqual({
      object: "cache_seed",
      stored: 2,
      failed: 2,
      errors: [
        { line: 2, detail: 'There is no route "fqa". Known: faq.' },
        { line: 4, detail: expect.stringContaining("Expected") },
      ],
    })
    expect(await kept()).toBe(2)
  })

  test("takes NDJSON line by line, whatever its line ends", async () => {
    const { seedLines, kept } = await setUp()
    const text = `${JSON.stringify(hours)}\r\n\n{no json\n${JSON.stringify(item("ü?", "ö"))}`
    expect(await seedLines(text)).toMatchObject({ status: 200, json: { stored: 2, failed: 1, errors: [{ line: 3 }] } })
    expect(await kept()).toBe(2)
    expect(await seedLines("")).toMatchObject({ status: 200, json: { stored: 0, failed: 0 } })
  })

  test("keeps for as long as it is told, and for the caller's tenant only", async () => {
    const { seed, seedLines, kept } = await setUp()
    await seed([hours], { keepMs: 30 * 86_400_000 })
    expect([await kept("default", inDays(29)), await kept("default", inDays(31)), await kept("acme")]).toEqual([1, 0, 0])
    await seedLines(JSON.stringify(hours), { query: "?keepMs=172800000", "x-sluice-tenant": "acme" })
    expect([await kept("acme", inDays(1)), await kept("acme", inDays(3))]).toEqual([1, 0])
  })

  test.each([
    ["no items", { items: [] }, "#/items"],
    ["items that are no list", { items: hours }, "#/items"],
    ["an unknown key", { items: [hours], ttl: 5 }, "#/ttl"],
  ])("refuses %s", async (_what, body, pointer) => {
    const { post } = await setUp()
    expect(await post("/v1/cache/seed", body)).toMatchObject({ status: 400, json: { code: "validation_failed", errors: [{ pointer }] } })
  })

  test("answers whoever sends NDJSON that cannot be read, while they are still sending", async () => {
    const { seedLines, call } = await setUp()
    const long = `${JSON.stringify(hours)}\n${"x".repeat(9 * 1024 * 1024)}\n`
    expect(await seedLines(long)).toMatchObject({
      status: 413,
      json: { code: "payload_too_large", detail: expect.stringContaining("Line 2") },
    })
    expect(await seedLines("x", { "content-encoding": "gzip" })).toMatchObject({ status: 415 })
    const body = Buffer.from([0xff, 0x0a])
    const headers = { "content-type": "application/x-ndjson" }
    expect(await call({ method: "POST", path: "/v1/cache/seed", headers, body })).toMatchObject({
      status: 400,
      json: { code: "malformed_json" },
    })
    expect(await seedLines("{}", { query: "?keepMs=soon" })).toMatchObject({ status: 400, json: { errors: [{ pointer: "query:keepMs" }] } })
  })

  test("stays up when the caller leaves in the middle, and keeps what came before", async () => {
    const { url, kept, logs, call } = await setUp()
    const { port, hostname } = new URL(url)
    const socket = connect(Number(port), hostname)
    const lines = Array.from({ length: 16 }, (_, index) => JSON.stringify(item(`Question ${index}?`, "Yes."))).join("\n")
    socket.write(
      `POST /v1/cache/seed HTTP/1.1\r\nhost: a\r\nauthorization: Bearer ${adminKey}\r\ncontent-type: application/x-ndjson\r\ncontent-length: 1000000\r\n\r\n${lines}\n`,
    )
    await expect.poll(() => kept()).toBe(16)
    socket.destroy()
    expect(await call({ path: "/health/live" })).toMatchObject({ status: 200 })
    expect(logs.filter(({ level }) => Number(level) >= 50)).toEqual([])
  })

  test("says so when the database does not answer", async () => {
    const down = () => Promise.reject(new StorageUnavailableError({ message: "down" }))
    const { seed } = await setUp({ ...createMemoryResultCache(), put: down })
    expect(await seed([hours])).toMatchObject({ status: 503, json: { code: "storage_unavailable" } })
  })
})

describe("POST /v1/cache/invalidate", () => {
  const tomorrow = inDays(1).toISOString()
  const yesterday = inDays(-1).toISOString()
  const cases: [string, object, number][] = [
    ["a route", { route: "faq" }, 2],
    ["one input", { route: "faq", input: hours.input }, 1],
    ["a cache key", { route: "faq", cacheKey: "where" }, 1],
    ["what is older than tomorrow", { route: "faq", olderThan: tomorrow }, 2],
    ["what is older than yesterday", { route: "faq", olderThan: yesterday }, 0],
    ["a route that is not configured any more", { route: "gone" }, 0],
    ["a job that left nothing", { jobId: "job_01993f0ac1d27c4e8b60a1b2c3d4e5f6" }, 0],
  ]
  test.each(cases)("of %s removes that, and nothing of another tenant", async (_what, body, removed) => {
    const { seed, seedLines, post, kept } = await setUp()
    await seed([hours, place])
    await seedLines(JSON.stringify(hours), { "x-sluice-tenant": "acme" })
    const { status, json } = await post("/v1/cache/invalidate", body)
    expect(status).toBe(200)
    expect(invalidationReport.parse(json)).toEqual({ object: "cache_invalidation", removed })
    expect([await kept(), await kept("acme")]).toEqual([2 - removed, 1])
  })

  test.each([
    ["nothing", {}],
    ["a job and a route", { jobId: "job_01993f0ac1d27c4e8b60a1b2c3d4e5f6", route: "faq" }],
    ["two selections", { route: "faq", cacheKey: "k", olderThan: tomorrow }],
    ["a selection without a route", { jobId: "job_01993f0ac1d27c4e8b60a1b2c3d4e5f6", cacheKey: "k" }],
    ["an input that is none of the route", { route: "faq", input: { texts: ["x"] } }],
  ])("refuses %s", async (_what, body) => {
    const { seed, post, kept } = await setUp()
    await seed([hours])
    expect(await post("/v1/cache/invalidate", body)).toMatchObject({ status: 400, json: { code: "validation_failed" } })
    expect(await kept()).toBe(1)
  })

  test("refuses an input for a route that there is not, and a caller without a key", async () => {
    const { post } = await setUp()
    expect(await post("/v1/cache/invalidate", { route: "gone", input: {} })).toMatchObject({ status: 400, json: { code: "route_unknown" } })
    for (const path of ["/v1/cache/invalidate", "/v1/cache/seed"]) {
      expect(await post(path, {}, { authorization: "Bearer sk_wrong" })).toMatchObject({ status: 401 })
    }
  })
})
