import { StorageUnavailableError, type Tool } from "@sluice/core"
import { createMemoryResultCache } from "@sluice/core/testing"
import fc from "fast-check"
import { describe, expect, test } from "vitest"
import type { Similarity } from "./similarity/similarity.ts"
import { chatOutput, chatWork, createCacheHarness, jobOf, noSignal, provenanceOf, routeOf } from "./testing/answer-cache-harness.ts"

const dayMs = 86_400_000
const question = "Where is my order? I bought a blue umbrella last week."
const similarQuestion = "Where is my order? I bought a blue umbrella last week"
const exact = { ttlMs: 60_000 }
const similar = { threshold: 0.9 }
const cacheTier = { name: "cache" }
const primary = { name: "primary", endpoints: ["a"] }

describe("lookup", () => {
  test("gives the answer to the same request, with where it came from and how old it is", async () => {
    const { remember, lookup, advance } = createCacheHarness()
    const served = { tier: "primary", endpoint: "eu", provider: "openai", model: "m-2026", region: "eu" } as const
    await remember(jobOf(), "the answer", { served })
    advance(59_999)
    expect(await lookup(jobOf())).toEqual({
      output: chatOutput("the answer"),
      origin: { served, quality: "full" },
      cache: { kind: "exact", ageMs: 59_999, similarity: 1 },
      schemaValid: null,
    })
  })

  test("gives nothing that is no longer fresh, also when only the configuration has changed since", async () => {
    const { remember, lookup, advance } = createCacheHarness()
    await remember(jobOf())
    advance(1_000)
    expect(await lookup(jobOf(), routeOf({ cache: { exact: { ttlMs: 1_000 } } }))).toBeNull()
    expect(await lookup(jobOf())).not.toBeNull()
    advance(59_000)
    expect(await lookup(jobOf(), routeOf({ cache: { exact: { ttlMs: 600_000 } } }))).toBeNull()
  })

  test.each(["refresh", "off"] as const)("gives nothing to a job that says %s", async (cache) => {
    const { remember, lookup } = createCacheHarness()
    await remember(jobOf())
    expect(await lookup(jobOf({ options: { cache } }))).toBeNull()
  })

  test("gives nothing on a route that does not keep exact answers", async () => {
    const { remember, lookup } = createCacheHarness()
    await remember(jobOf())
    for (const config of [{}, { cache: {} }, { cache: { similar } }, { tiers: [primary, cacheTier] }]) {
      expect(await lookup(jobOf(), routeOf(config))).toBeNull()
    }
  })

  test("gives nothing of another tenant, route or request", async () => {
    const { remember, lookup } = createCacheHarness()
    await remember(jobOf())
    expect(await lookup(jobOf({ tenantId: "other" }))).toBeNull()
    expect(await lookup(jobOf({ route: "other" }))).toBeNull()
    expect(await lookup(jobOf({ work: chatWork("Say ko") }))).toBeNull()
  })

  test("gives no lesser answer, or callers would get it long after the primary tier is back", async () => {
    const { remember, lookup, lastGood } = createCacheHarness()
    await remember(jobOf(), "lesser", { quality: "reduced" })
    expect(await lookup(jobOf())).toBeNull()
    expect(await lastGood(jobOf())).toMatchObject({ output: chatOutput("lesser"), origin: { quality: "reduced" } })
  })

  describe("with direct similar answers", () => {
    const route = routeOf({ cache: { exact, similar: { ...similar, direct: true } } })

    test("gives the fresh answer to a similar prompt, and says so", async () => {
      const { remember, lookup, advance } = createCacheHarness({ route })
      await remember(jobOf({ work: chatWork(question) }))
      advance(5)
      const hit = await lookup(jobOf({ work: chatWork(similarQuestion) }))
      expect(hit).toMatchObject({ output: chatOutput("ok"), cache: { kind: "semantic", ageMs: 5 } })
      expect(hit?.cache.similarity).toBeGreaterThan(0.9)
      expect(hit?.cache.similarity).toBeLessThan(1)
      const shorter = routeOf({ cache: { exact: { ttlMs: 5 }, similar: { ...similar, direct: true } } })
      expect(await lookup(jobOf({ work: chatWork(similarQuestion) }), shorter)).toBeNull()
      advance(60_000)
      expect(await lookup(jobOf({ work: chatWork(similarQuestion) }))).toBeNull()
    })

    test("does so only if the route says that it may", async () => {
      const { remember, lookup } = createCacheHarness({ route })
      await remember(jobOf({ work: chatWork(question) }))
      const job = jobOf({ work: chatWork(similarQuestion) })
      expect(await lookup(job, routeOf({ cache: { exact, similar } }))).toBeNull()
      expect(await lookup(job, route)).not.toBeNull()
    })

    test("gives none to a caller who wants the primary tier or nothing", async () => {
      const { remember, lookup } = createCacheHarness({ route })
      await remember(jobOf({ work: chatWork(question) }))
      expect(await lookup(jobOf({ work: chatWork(similarQuestion), options: { fallback: "none" } }))).toBeNull()
      expect(await lookup(jobOf({ work: chatWork(question), options: { fallback: "none" } }))).not.toBeNull()
    })

    test("looks past stale and removed answers for one that may be given", async () => {
      const { remember, lookup, advance, cache } = createCacheHarness({ route })
      for (let index = 0; index < 12; index += 1) await remember(jobOf({ work: chatWork(`${question}${" ".repeat(index)}`) }), "stale")
      advance(60_000)
      await remember(jobOf({ work: chatWork(`${question}!`) }), "fresh")
      const gone = jobOf({ work: chatWork(`${question}.`) })
      await remember(gone, "removed")
      expect(await lookup(jobOf({ work: chatWork(`${question}..`) }))).toMatchObject({ output: chatOutput("removed") })
      await cache.invalidate({ tenantId: gone.tenantId, selection: { by: "job", jobId: gone.id } })
      expect(await lookup(jobOf({ work: chatWork(`${question}..`) }))).toMatchObject({ output: chatOutput("fresh") })
    })
  })
})

describe("lastGood", () => {
  const route = routeOf({ tiers: [primary, cacheTier], cache: { similar } })

  test("gives the same request's answer before that of the key, and that before a similar one", async () => {
    const { remember, lastGood, advance, cache } = createCacheHarness({ route })
    const work = chatWork(question)
    const byKey = jobOf({ work: chatWork("something else"), options: { cacheKey: "k" } })
    const same = jobOf({ work })
    await remember(jobOf({ work: chatWork(similarQuestion) }), "similar")
    await remember(byKey, "by key")
    await remember(same, "same")
    advance(6 * dayMs)
    const asking = jobOf({ work, options: { cacheKey: "k" } })
    const drop = ({ id, tenantId }: typeof same) => cache.invalidate({ tenantId, selection: { by: "job", jobId: id } })

    const ageMs = 6 * dayMs
    expect(await lastGood(asking)).toMatchObject({ output: chatOutput("same"), cache: { kind: "exact", ageMs, similarity: 1 } })
    await drop(same)
    expect(await lastGood(asking)).toMatchObject({ output: chatOutput("by key"), cache: { kind: "exact", ageMs, similarity: 1 } })
    await drop(byKey)
    expect(await lastGood(asking)).toMatchObject({ output: chatOutput("similar"), cache: { kind: "semantic", ageMs } })
  })

  test("gives nothing after a week, nor longer than the job itself is kept", async () => {
    const { remember, lastGood, advance } = createCacheHarness({ route })
    const shortLived = jobOf({ work: chatWork("short"), options: { retainMs: 1_000 } })
    await remember(jobOf())
    await remember(shortLived)
    advance(1_000)
    expect(await lastGood(shortLived)).toBeNull()
    advance(7 * dayMs - 1_001)
    expect(await lastGood(jobOf())).not.toBeNull()
    advance(1)
    expect(await lastGood(jobOf())).toBeNull()
  })

  test("gives an answer for as long as it is fresh, if that is longer", async () => {
    const long = routeOf({ cache: { exact: { ttlMs: 30 * dayMs } } })
    const { remember, lookup, advance } = createCacheHarness({ route: long })
    await remember(jobOf())
    advance(30 * dayMs - 1)
    expect(await lookup(jobOf())).toMatchObject({ cache: { ageMs: 30 * dayMs - 1 } })
    advance(1)
    expect(await lookup(jobOf())).toBeNull()
  })

  test("is never younger than new, though it was stored by a clock that is ahead", async () => {
    const { remember, lastGood, advance } = createCacheHarness({ route })
    advance(5_000)
    await remember(jobOf())
    advance(-5_000)
    expect(await lastGood(jobOf())).toMatchObject({ cache: { ageMs: 0 } })
  })

  test("serves a job that wants a new answer, since there is none, but none that wants no cache", async () => {
    const { remember, lastGood } = createCacheHarness({ route })
    await remember(jobOf())
    expect(await lastGood(jobOf({ options: { cache: "refresh" } }))).not.toBeNull()
    expect(await lastGood(jobOf({ options: { cache: "off" } }))).toBeNull()
  })

  test("needs no more than a cache tier", async () => {
    const { remember, lastGood } = createCacheHarness({ route: routeOf({ tiers: [primary, cacheTier] }) })
    await remember(jobOf())
    expect(await lastGood(jobOf())).not.toBeNull()
    expect(await lastGood(jobOf(), routeOf({}))).toBeNull()
  })

  test("gives no answer under the key that is none to this request", async () => {
    const { remember, lastGood } = createCacheHarness({ route })
    const options = { cacheKey: "k" }
    await remember(jobOf({ work: chatWork("a"), options }), "plain text")
    const asJson = chatWork("b", { responseFormat: { type: "json_object" } })
    expect(await lastGood(jobOf({ work: asJson, options }))).toBeNull()
    expect(await lastGood(jobOf({ work: chatWork("b"), options }))).not.toBeNull()
    expect(await lastGood(jobOf({ work: chatWork("b"), options, tenantId: "other" }))).toBeNull()
    expect(await lastGood(jobOf({ work: chatWork("b"), options, route: "other" }))).toBeNull()
  })

  test("gives the most similar answer that reaches the threshold", async () => {
    const { remember, lastGood } = createCacheHarness({ route })
    await remember(jobOf({ work: chatWork(question.replace("blue", "green")) }), "near")
    await remember(jobOf({ work: chatWork(`${question} Thanks`) }), "nearer")
    const job = jobOf({ work: chatWork(question) })
    const hit = await lastGood(job, routeOf({ cache: { similar: { threshold: 0.5 } } }))
    expect(hit).toMatchObject({ output: chatOutput("nearer") })
    const { similarity = 0 } = hit?.cache ?? {}
    expect(await lastGood(job, routeOf({ cache: { similar: { threshold: similarity } } }))).toEqual(hit)
    expect(await lastGood(job, routeOf({ cache: { similar: { threshold: similarity + 1e-6 } } }))).toBeNull()
  })

  test("never gives an answer of another tenant, route, system prompt, tool set or response format", async () => {
    const scopes = {
      tenantId: fc.constantFrom("t", "u"),
      route: fc.constantFrom("chat", "other"),
      system: fc.constantFrom("Be kind.", "Be brief."),
      tools: fc.constantFrom<Tool[]>([], [{ name: "look", parameters: {} }]),
      asJson: fc.boolean(),
    }
    const everywhere = routeOf({ tiers: [primary, cacheTier], cache: { exact, similar: { threshold: 0.001, direct: true } } })
    await fc.assert(
      fc.asyncProperty(fc.record(scopes), fc.record(scopes), async (one, other) => {
        fc.pre(JSON.stringify(one) !== JSON.stringify(other))
        const { remember, lookup, lastGood, failures } = createCacheHarness({ route: everywhere })
        await remember(scopedJob(one, question), '{"json":1}')
        for (const text of [question, similarQuestion]) {
          expect(await lookup(scopedJob(other, text))).toBeNull()
          expect(await lastGood(scopedJob(other, text))).toBeNull()
          expect(await lookup(scopedJob(one, text))).not.toBeNull()
          expect(await lastGood(scopedJob(one, text))).not.toBeNull()
        }
        expect(failures).toEqual([])
      }),
      { numRuns: 60 },
    )
  })
})

interface Scope {
  readonly tenantId: string
  readonly route: string
  readonly system: string
  readonly tools: Tool[]
  readonly asJson: boolean
}

function scopedJob({ tenantId, route, system, tools, asJson }: Scope, text: string) {
  const messages = [
    { role: "system" as const, content: system },
    { role: "user" as const, content: text },
  ]
  const responseFormat = asJson ? ({ type: "json_object" } as const) : undefined
  return jobOf({ tenantId, route, work: { kind: "chat", input: { messages, tools, responseFormat } } })
}

describe("remember", () => {
  const count = async ({ cache, clock }: ReturnType<typeof createCacheHarness>) =>
    (await cache.count({ tenantId: "default", at: clock() })).reduce((sum, { entries }) => sum + entries, 0)

  test("keeps nothing on a route that does not cache, nor of a job that wants none", async () => {
    const harness = createCacheHarness({ route: routeOf({}) })
    await harness.remember(jobOf())
    expect(await count(harness)).toBe(0)
    const caching = createCacheHarness()
    await caching.remember(jobOf({ options: { cache: "off" } }))
    expect(await count(caching)).toBe(0)
    await caching.remember(jobOf({ options: { cache: "refresh" } }))
    expect(await count(caching)).toBe(1)
  })

  test("keeps nothing that is not worth it", async () => {
    const harness = createCacheHarness()
    await harness.remember(jobOf(), "canned", { quality: "minimal" })
    expect(await count(harness)).toBe(0)
  })

  test("does not put a lesser answer in the place of a better one that is still fresh", async () => {
    const { remember, lookup, lastGood, advance } = createCacheHarness()
    await remember(jobOf(), "full")
    await remember(jobOf(), "reduced", { quality: "reduced" })
    expect(await lookup(jobOf())).toMatchObject({ output: chatOutput("full") })
    advance(60_000)
    await remember(jobOf(), "reduced", { quality: "reduced" })
    expect(await lastGood(jobOf())).toMatchObject({ output: chatOutput("reduced") })
    await remember(jobOf(), "full again")
    expect(await lookup(jobOf())).toMatchObject({ output: chatOutput("full again") })
  })
})

describe("a cache that fails", () => {
  const down = new StorageUnavailableError({ message: "down" })
  const broken = { find: () => Promise.reject(down), put: () => Promise.reject(down) }

  test("costs a hit and is told, and fails no job", async () => {
    const { remember, lookup, lastGood, failures } = createCacheHarness({ cache: { ...createMemoryResultCache(), ...broken } })
    const job = jobOf()
    expect(await lookup(job)).toBeNull()
    expect(await lastGood(job)).toBeNull()
    await remember(job)
    expect(failures).toEqual(["lookup", "last_good", "remember"].map((operation) => ({ operation, jobId: job.id, error: down })))
  })

  test("is not told when the caller left", async () => {
    const { answers, failures } = createCacheHarness({ cache: { ...createMemoryResultCache(), ...broken } })
    expect(await answers.lookup({ job: jobOf(), route: routeOf(), signal: AbortSignal.abort() })).toBeNull()
    expect(failures).toEqual([])
  })

  test("keeps an answer whose prompt cannot be embedded, to be found by its request", async () => {
    const error = new Error("the embedding endpoint is down")
    const failing: Similarity = { space: "v", vectorOf: () => Promise.reject(error) }
    const route = routeOf({ cache: { exact, similar } })
    const { answers, lookup, failures } = createCacheHarness({ route, similarityOf: () => failing })
    const job = jobOf()
    await answers.remember({ job, route, generated: chatOutput("ok"), provenance: provenanceOf(), signal: noSignal })
    expect(failures).toEqual([{ operation: "remember", jobId: job.id, error }])
    expect(await lookup(job)).not.toBeNull()
  })
})
