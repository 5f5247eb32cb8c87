import { maxCachedBytes, StorageUnavailableError } from "@sluice/core"
import { createMemoryResultCache } from "@sluice/core/testing"
import { describe, expect, test } from "vitest"
import { createSchemaCache } from "../structure/schema-cache.ts"
import { createSeedCache, maxErrorsTold, type SeedRequest } from "./seed-cache.ts"
import { createSimilarities } from "./similarity/similarities.ts"
import { chatOutput, chatWork, createCacheHarness, jobOf, noSignal, routeOf } from "./testing/answer-cache-harness.ts"

const chat = routeOf({ cache: { exact: { ttlMs: 60_000 }, similar: { threshold: 0.9 } } })
const routes = {
  chat,
  custom: routeOf({ kind: "custom", cache: {} }),
  pictures: routeOf({ kind: "image", cache: {} }),
  plain: routeOf({}),
  embedded: routeOf({ cache: { similar: { threshold: 0.9, embedding: "gone" } } }),
}

function setUp(cache = createMemoryResultCache()) {
  const harness = createCacheHarness({ cache, route: chat })
  const embedderOf = (endpoint: string) => {
    throw new Error(`there is no endpoint ${endpoint}`)
  }
  const seedCache = createSeedCache({
    cache,
    clock: harness.clock,
    schemas: createSchemaCache(),
    similarityOf: createSimilarities({ embedderOf }),
    routes: () => routes,
  })
  const seed = (lines: SeedRequest["lines"], more: Partial<SeedRequest> = {}) =>
    seedCache({ tenantId: "default", lines, signal: noSignal, ...more })
  return { ...harness, seed }
}

const asking = (content: string) => ({ messages: [{ role: "user", content }] })
const line = (content: string, output: unknown, more: object = {}) =>
  JSON.stringify({ route: "chat", input: asking(content), output, ...more })

describe("seeding", () => {
  test("stores answers as if they had been given now, and says who gave them", async () => {
    const { seed, lookup, lastGood, advance } = setUp()
    const lines = [line("When are you open, please?", "From 9 to 5."), "", line("Where?", { text: "Here." }, { cacheKey: "where" })]
    expect(await seed(lines)).toEqual({ stored: 2, failed: 0, errors: [] })
    advance(10)
    const nobody = { tier: "cache", endpoint: null, provider: null, model: null, region: null }
    expect(await lookup(jobOf({ work: chatWork("When are you open, please?") }))).toMatchObject({
      output: chatOutput("From 9 to 5."),
      origin: { served: nobody, quality: "full" },
      cache: { kind: "exact", ageMs: 10 },
    })
    expect(await lastGood(jobOf({ work: chatWork("When are you open please?") }))).toMatchObject({ cache: { kind: "semantic" } })
    expect(await lastGood(jobOf({ work: chatWork("x"), options: { cacheKey: "where" } }))).toMatchObject({ output: chatOutput("Here.") })
    expect(await lastGood(jobOf({ work: chatWork("Where?"), tenantId: "other" }))).toBeNull()
  })

  test("reads a stream, and of two lines for one request keeps the later", async () => {
    const { seed, lookup } = setUp()
    async function* stream() {
      for (let index = 0; index < 40; index += 1) yield line(index < 20 ? "same" : `other ${index}`, `answer ${index}`)
    }
    expect(await seed(stream())).toMatchObject({ stored: 40 })
    expect(await lookup(jobOf({ work: chatWork("same") }))).toMatchObject({ output: chatOutput("answer 19") })
  })

  test("keeps for a week, or for as long as it is told", async () => {
    const { seed, lastGood, advance } = setUp()
    await seed([line("week", "a")])
    await seed([line("long", "a")], { keepMs: 30 * 86_400_000 })
    advance(7 * 86_400_000)
    expect(await lastGood(jobOf({ work: chatWork("week") }))).toBeNull()
    expect(await lastGood(jobOf({ work: chatWork("long") }))).not.toBeNull()
  })

  const schema = { type: "json_schema", schema: { type: "object", required: ["a"] } }
  const wrong: [string, string, RegExp][] = [
    ["no JSON", "{route: chat}", /^This is not JSON: /],
    ["a missing output", JSON.stringify({ route: "chat", input: {} }), /`output`: is missing\.$/],
    ["an unknown key", line("x", "y", { extra: 1 }), /extra/],
    ["an unknown route", line("x", "y", { route: "caht" }), /^There is no route "caht". Known: chat, custom, .*\.$/],
    ["a route called like a built-in", line("x", "y", { route: "constructor" }), /^There is no route/],
    ["a route that keeps nothing", line("x", "y", { route: "plain" }), /Route "plain" keeps no answers/],
    ["a route for images", line("x", "y", { route: "pictures" }), /images, which are not kept/],
    [
      "an input of another kind",
      JSON.stringify({ route: "chat", input: { texts: [] }, output: "y" }),
      /^`input` is none of a chat route\. `messages`/,
    ],
    [
      "an output that the schema refuses",
      line("x", { b: 1 }, { input: { ...asking("x"), responseFormat: schema } }),
      /^`output` is no answer/,
    ],
    [
      "a schema that is none",
      line("x", { b: 1 }, { input: { ...asking("x"), responseFormat: { type: "json_schema", schema: { type: "strnig" } } } }),
      /^`input` asks for a JSON Schema that is none/,
    ],
    ["an output that is too large", line("x", "y".repeat(maxCachedBytes)), /larger than 1 MiB/],
    ["a prompt that cannot be embedded", line("x", "y", { route: "embedded" }), /cannot be compared.*there is no endpoint gone/],
  ]
  test.each(wrong)("tells of %s, with its line, and stores the rest", async (_what, text, message) => {
    const { seed, lookup } = setUp()
    const report = await seed(["", line("before", "a"), text, line("after", "b")])
    expect(report).toEqual({ stored: 2, failed: 1, errors: [{ line: 3, message: expect.stringMatching(message) }] })
    for (const content of ["before", "after"]) expect(await lookup(jobOf({ work: chatWork(content) }))).not.toBeNull()
  })

  test("counts all errors and tells the first", async () => {
    const { seed } = setUp()
    const report = await seed(Array.from({ length: maxErrorsTold + 50 }, () => "no"))
    expect(report).toMatchObject({ stored: 0, failed: maxErrorsTold + 50 })
    expect(report.errors.map(({ line: number }) => number)).toEqual(Array.from({ length: maxErrorsTold }, (_, index) => index + 1))
  })

  test("stops when the database does not answer, and when the caller leaves", async () => {
    const down = new StorageUnavailableError({ message: "down" })
    const broken = setUp({ ...createMemoryResultCache(), put: () => Promise.reject(down) })
    await expect(broken.seed([line("x", "y")])).rejects.toBe(down)
    const { seed } = setUp()
    await expect(seed([line("x", "y")], { signal: AbortSignal.abort(new Error("gone")) })).rejects.toThrow("gone")
  })
})
