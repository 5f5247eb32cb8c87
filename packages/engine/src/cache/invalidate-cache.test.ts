import { describe, expect, test } from "vitest"
import { createInvalidateCache, type Invalidation } from "./invalidate-cache.ts"
import { chatWork, createCacheHarness, jobOf } from "./testing/answer-cache-harness.ts"

const named = jobOf({ work: chatWork("named"), options: { cacheKey: "k" } })
const plain = jobOf({ work: chatWork("plain") })
const elsewhere = jobOf({ work: chatWork("named"), route: "other", options: { cacheKey: "k" } })
const foreign = jobOf({ work: chatWork("named"), tenantId: "other", options: { cacheKey: "k" } })
const all = { named, plain, elsewhere, foreign }

describe("invalidation", () => {
  const cases: [string, Invalidation, (keyof typeof all)[]][] = [
    ["a request, however it is spelled", { of: "request", route: "chat", work: chatWork("named", { tools: [] }) }, ["named"]],
    ["a caller's key", { of: "cacheKey", route: "chat", cacheKey: "k" }, ["named"]],
    ["a job", { of: "job", jobId: plain.id }, ["plain"]],
    ["a route", { of: "route", route: "chat" }, ["named", "plain"]],
    ["what a route stored before a time", { of: "route", route: "chat", olderThan: new Date("2100-01-01T00:00:00.001Z") }, ["named"]],
    ["a job of another tenant, which removes nothing", { of: "job", jobId: foreign.id }, []],
  ]
  test.each(cases)("of %s", async (_what, invalidation, removed) => {
    const { cache, remember, lookup, advance } = createCacheHarness()
    for (const job of Object.values(all)) {
      await remember(job)
      advance(1)
    }
    const invalidate = createInvalidateCache({ cache })
    expect(await invalidate({ tenantId: "default", invalidation })).toBe(removed.length)
    const missing = await Promise.all(Object.entries(all).map(async ([name, job]) => ((await lookup(job)) ? [] : [name])))
    expect(missing.flat()).toEqual(removed)
  })
})
