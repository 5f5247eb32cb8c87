import type { JobFilter } from "@sluice/core"
import { sampleJob } from "@sluice/core/testing"
import fc from "fast-check"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { openTestStore, type TestStore } from "./open-test-store.ts"

const at = (ms: number) => new Date(Date.parse("2026-01-01T00:00:00.000Z") + ms)

describe("lists", () => {
  let store: TestStore
  let tenants = 0
  beforeAll(async () => {
    store = await openTestStore()
  })
  afterAll(() => store.close())
  const ids = async (filter: JobFilter, before: string | null = null, limit = 1_000) =>
    (await store.jobs.list({ filter, before, limit })).map(({ id }) => id)

  test("find any metadata by its exact key and value, and by several at once", async () => {
    const key = fc.oneof(
      fc.string({ minLength: 1, maxLength: 64, unit: "grapheme" }),
      fc.constantFrom("__proto__", "$where", "a.b", "k", "v", "$"),
    )
    const pairs = fc.uniqueArray(fc.tuple(key, fc.string({ maxLength: 512, unit: "grapheme" })), {
      minLength: 2,
      maxLength: 4,
      selector: ([name]) => name,
    })
    await fc.assert(
      fc.asyncProperty(pairs, async (entries) => {
        tenants += 1
        const tenantId = `metadata-${tenants}`
        const [first, ...rest] = entries
        const all = sampleJob({ tenantId, metadata: Object.fromEntries(entries) })
        const some = sampleJob({ tenantId, metadata: Object.fromEntries(rest) })
        await Promise.all([all, some, sampleJob({ tenantId })].map((job) => store.jobs.insert(job)))
        expect(await ids({ tenantId, metadata: Object.fromEntries([first ?? ["", ""]]) })).toEqual([all.id])
        expect(await ids({ tenantId, metadata: Object.fromEntries(entries) })).toEqual([all.id])
        expect((await ids({ tenantId, metadata: Object.fromEntries(rest) })).toSorted()).toEqual([all.id, some.id].toSorted())
      }),
      { numRuns: 30 },
    )
  })

  test("page through filtered jobs without a gap or a repetition, also while new ones arrive", async () => {
    const tenantId = "pages"
    const jobs = Array.from({ length: 60 }, (_, index) =>
      sampleJob({ tenantId, createdAt: at(index), route: index % 3 === 0 ? "rare" : "chat" }),
    )
    await Promise.all(jobs.map((job) => store.jobs.insert(job)))
    const expected = jobs
      .filter(({ route }) => route === "rare")
      .map(({ id }) => id)
      .toReversed()
    const seen: string[] = []
    for (
      let page = await ids({ tenantId, route: "rare" }, null, 7);
      page.length > 0;
      page = await ids({ tenantId, route: "rare" }, seen.at(-1) ?? null, 7)
    ) {
      seen.push(...page)
      await store.jobs.insert(sampleJob({ tenantId, createdAt: at(1_000 + seen.length), route: "rare" }))
    }
    expect(seen).toEqual(expected)
  })

  test("reach back to the first job, however long ago, and to those of clocks that are ahead", async () => {
    const tenantId = "ages"
    const agesMs = [-240_000, 0, 59_000, 61_000, 1_700_000, 1_900_000, 43_000_000, 43_300_000, 9e9, 5e10]
    const now = Date.now()
    const jobs = agesMs.map((ms, index) =>
      sampleJob({ tenantId, createdAt: new Date(now - ms), deadline: new Date(now + 1e9), route: index % 2 === 0 ? "even" : "odd" }),
    )
    await Promise.all(jobs.map((job) => store.jobs.insert(job)))
    const newestFirst = jobs.map(({ id }) => id)
    const paged = async (filter: JobFilter, limit: number) => {
      const seen: string[] = []
      for (let page = await ids(filter, null, limit); page.length > 0; page = await ids(filter, seen.at(-1) ?? null, limit))
        seen.push(...page)
      return seen
    }
    for (const limit of [1, 3, 100]) {
      expect(await paged({ tenantId }, limit)).toEqual(newestFirst)
      expect(await paged({ tenantId, route: "odd" }, limit)).toEqual(newestFirst.filter((_, index) => index % 2 === 1))
      expect(await paged({ tenantId, statuses: ["queued"] }, limit)).toEqual(newestFirst)
      expect(await paged({ tenantId, createdBefore: new Date(now - 60_000) }, limit)).toEqual(newestFirst.slice(3))
      expect(await paged({ tenantId, createdAfter: new Date(now - 1_800_000) }, limit)).toEqual(newestFirst.slice(0, 5))
    }
  })

  test("an empty choice of statuses finds nothing", async () => {
    await store.jobs.insert(sampleJob({ tenantId: "statuses" }))
    expect(await ids({ tenantId: "statuses", statuses: [] })).toEqual([])
    expect(await ids({ tenantId: "statuses" })).toHaveLength(1)
  })

  test("sweeps give the longest due first, no more than asked for", async () => {
    const jobs = [3, 1, 2].map((ms) => sampleJob({ tenantId: "due", enqueueDueAt: at(-ms), deadline: at(-ms) }))
    await Promise.all(jobs.map((job) => store.jobs.insert(job)))
    const due = await store.jobs.findDueToEnqueue({ at: at(0), limit: 2 })
    expect(due.map(({ id }) => id)).toEqual([jobs[0]?.id, jobs[2]?.id])
    const late = await store.jobs.findPastDeadline({ at: at(0), limit: 2 })
    expect(late.map(({ deadline }) => deadline)).toEqual([at(-3), at(-2)])
  })
})
