import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest"
import type { QueuedJob } from "../job/job.ts"
import type { JobStore } from "../ports/job-store.ts"
import type { UsagePage } from "../ports/usage-ledger.ts"
import { startOfGrain } from "../usage/usage-of-job.ts"
import type { UsageRow } from "../usage/usage-row.ts"
import { allTenants, usageRowId } from "../usage/usage-row.ts"
import type { MemoryUsage } from "./memory-usage-ledger.ts"
import { sampleAttempt, sampleFailure, sampleSuccess } from "./sample-ending.ts"
import { sampleJob } from "./sample-job.ts"

export interface UsageUnderTest {
  readonly jobs: JobStore
  readonly usage: MemoryUsage
  readonly close: () => Promise<void>
}

const at = new Date("2026-01-01T00:00:00.000Z")
const nextDay = new Date("2026-01-02T00:00:00.000Z")

function row(overrides: Partial<UsageRow> = {}): UsageRow {
  const of = { endpoint: "a", provider: "openai", model: "m", tier: "primary", status: "succeeded", credential: "platform" } as const
  return { grain: "day", at, tenantId: "acme", route: "chat", ...of, figures: { calls: 1, costPicoUsd: 5 }, ...overrides }
}

/** What every `UsageLedger` promises, and the reports over it. It is all theirs: the jobs of other tests would be accounted too. */
export function usageLedgerConformance(name: string, open: () => Promise<UsageUnderTest>): void {
  describe(`${name} as a UsageLedger`, () => {
    let opened: UsageUnderTest
    beforeAll(async () => {
      opened = await open()
    })
    afterAll(() => opened.close())
    const ledger = () => opened.usage.ledger

    let last: UsagePage
    beforeEach(async () => {
      last = await ledger().page()
    })

    async function endedJob(overrides: Partial<QueuedJob> = {}) {
      const job = sampleJob(overrides)
      await opened.jobs.insert(job)
      await opened.jobs.claim({ id: job.id, run: 1, claim: { token: "t", workerId: "w", at } })
      const ending = sampleSuccess({ at, eventId: `evt_${job.id}` })
      await opened.jobs.finish({ id: job.id, run: 1, token: "t", ending })
      return job
    }
    const isFound = async (id: string) => (await ledger().findUnaccounted({ limit: 1_000 })).some((job) => job.id === id)

    test("numbers pages without gaps, one at a time", async () => {
      const number = last.number + 1
      const jobs = [{ id: "job_1", calls: 1, ends: 0 }]
      const rows = [row({ figures: { "latency_-1": 1, calls: 2 } })]
      expect(last).toMatchObject({ isClosed: true, jobs: [], rows: [] })
      expect(await ledger().openPage({ number: number + 1, jobs: [], rows: [] })).toBe(false)
      expect(await ledger().openPage({ number, jobs, rows })).toBe(true)
      expect(await ledger().openPage({ number, jobs: [], rows: [] })).toBe(false)
      expect(await ledger().openPage({ number: number + 1, jobs: [], rows: [] })).toBe(false)
      expect(await ledger().page()).toMatchObject({ number, jobs, rows, isClosed: false })
      await ledger().closePage({ number: number - 1 })
      expect(await ledger().page()).toMatchObject({ isClosed: false })
      await ledger().closePage({ number })
      expect(await ledger().page()).toMatchObject({ number, isClosed: true, jobs: [], rows: [] })
    })

    test("lets one of several open a page", async () => {
      const number = last.number + 1
      const outcomes = await Promise.all(Array.from({ length: 8 }, () => ledger().openPage({ number, jobs: [], rows: [] })))
      expect(outcomes.filter(Boolean)).toHaveLength(1)
      await ledger().closePage({ number })
    })

    test("sets rows, whoever repeats it, and leaves those of a later page", async () => {
      const [mine, other] = [row({ tenantId: "rows" }), row({ tenantId: "rows", model: null })]
      const ids = [usageRowId(mine), usageRowId(other)]
      await Promise.all([ledger().writeRows({ number: 5, rows: [mine, other] }), ledger().writeRows({ number: 5, rows: [mine, other] })])
      expect(new Set(await ledger().findRows([...ids, "none"]))).toEqual(new Set([mine, other]))
      await ledger().writeRows({ number: 6, rows: [{ ...mine, figures: { calls: 3 } }] })
      await ledger().writeRows({ number: 4, rows: [mine, other] })
      await ledger().writeRows({ number: 6, rows: [] })
      expect(new Set(await ledger().findRows(ids))).toEqual(new Set([{ ...mine, figures: { calls: 3 } }, other]))
    })

    test("finds jobs with calls or ends that were not marked, as often as some are added", async () => {
      const job = sampleJob()
      await opened.jobs.insert(job)
      await opened.jobs.claim({ id: job.id, run: 1, claim: { token: "t", workerId: "w", at } })
      expect(await isFound(job.id)).toBe(false)
      const back = { id: job.id, run: 1, token: "t", notBefore: null, waiting: null, enqueueDueAt: at }
      await opened.jobs.handBack({ ...back, attempts: [sampleAttempt()] })
      expect(await isFound(job.id)).toBe(true)
      await ledger().markAccounted({ number: 3, jobs: [{ id: job.id, calls: 1, ends: 0 }] })
      expect(await isFound(job.id)).toBe(false)

      await opened.jobs.cancel({ tenantId: job.tenantId, id: job.id, at, eventId: `evt_${job.id}` })
      const [found] = (await ledger().findUnaccounted({ limit: 1_000 })).filter(({ id }) => id === job.id)
      const accounted = { calls: 1, ends: 0 }
      expect(found).toMatchObject({ tenantId: "default", attemptCount: 1, accounted, provenance: null, runAt: null, replays: [] })
      expect(found?.attempts).toEqual([sampleAttempt()])
      expect(found?.events).toMatchObject([{ type: "job.cancelled", run: 1, at }])
      // A page that took less than there is by now, and one that is long over.
      await ledger().markAccounted({ number: 4, jobs: [{ id: job.id, calls: 1, ends: 0 }] })
      expect(await isFound(job.id)).toBe(true)
      await ledger().markAccounted({ number: 5, jobs: [{ id: job.id, calls: 1, ends: 1 }] })
      await ledger().markAccounted({ number: 3, jobs: [{ id: job.id, calls: 1, ends: 0 }] })
      expect(await isFound(job.id)).toBe(false)
    })

    test("keeps who served a job, and says since when it waits", async () => {
      const job = await endedJob()
      const found = (await ledger().findUnaccounted({ limit: 1_000 })).find(({ id }) => id === job.id)
      expect(found?.provenance).toEqual(sampleSuccess().result.provenance)
      expect(await opened.usage.reports.unaccountedSince()).toEqual(at)
      await ledger().markAccounted({ number: 9, jobs: [{ id: job.id, calls: 1, ends: 1 }] })
      expect(await opened.usage.reports.unaccountedSince()).toBeNull()
    })

    test("keeps why a job ended badly, and how urgent it was", async () => {
      const job = sampleJob()
      const options = { ...job.options, priority: "bulk" } as const
      await opened.jobs.insert({ ...job, options })
      await opened.jobs.claim({ id: job.id, run: 1, claim: { token: "t", workerId: "w", at } })
      const ending = sampleFailure({ at, eventId: `evt_${job.id}` })
      await opened.jobs.finish({ id: job.id, run: 1, token: "t", ending })
      const found = (await ledger().findUnaccounted({ limit: 1_000 })).find(({ id }) => id === job.id)
      expect(found).toMatchObject({ priority: "bulk", events: [{ type: "job.failed", errorType: ending.error.type }] })
      await ledger().markAccounted({ number: 9, jobs: [{ id: job.id, calls: 1, ends: 1 }] })
    })

    test("adds up days by what is asked for", async () => {
      const tenantId = "sums"
      const rows = [
        row({ tenantId }),
        row({ tenantId, at: nextDay, figures: { calls: 2, inputTokens: 10 } }),
        row({ tenantId, at: nextDay, route: "images", model: null, figures: { images: 3, jobs: 1 } }),
        row({ tenantId, at: nextDay, grain: "hour", figures: { calls: 99 } }),
        row({ tenantId: "sums-of-another", at: nextDay, figures: { calls: 99 } }),
      ]
      await ledger().writeRows({ number: 1, rows })
      const sum = (by: readonly ("day" | "route" | "model" | "tenant")[], filter: object = {}, limit = 10) =>
        opened.usage.reports.sum({ filter: { tenantId, from: at, to: nextDay, ...filter }, by, limit })
      expect(await sum([])).toMatchObject([{ group: {}, figures: { calls: 3, inputTokens: 10, images: 3, jobs: 1, costPicoUsd: 5 } }])
      expect(await sum(["day", "route"])).toMatchObject([
        { group: { day: "2026-01-01", route: "chat" }, figures: { calls: 1 } },
        { group: { day: "2026-01-02", route: "chat" }, figures: { calls: 2 } },
        { group: { day: "2026-01-02", route: "images" }, figures: { images: 3 } },
      ])
      expect(await sum(["day", "route"], {}, 2)).toHaveLength(2)
      expect((await sum(["model"])).map(({ group }) => group.model).sort()).toEqual(["m", null])
      expect(await sum(["tenant"], { route: "images" })).toMatchObject([{ group: { tenant: tenantId }, figures: { jobs: 1 } }])
      expect(await sum([], { to: at })).toMatchObject([{ figures: { calls: 1 } }])
      expect(await sum([], { endpoint: "none" })).toEqual([])
      expect(await sum(["tenant"], { tenantId: undefined, from: nextDay })).toMatchObject([
        { group: { tenant: tenantId } },
        { group: { tenant: "sums-of-another" }, figures: { calls: 99 } },
      ])
    })

    test("keeps the rows of finer grains until they are removed", async () => {
      const minutes = [0, 1, 2].map((index) => {
        const minute = startOfGrain("minute", new Date(at.getTime() + index * 60_000))
        return row({ grain: "minute", tenantId: "finer", at: minute, route: index === 2 ? "images" : "chat" })
      })
      await ledger().writeRows({ number: 1, rows: minutes })
      const read = (route: string | null, from = at) => opened.usage.reports.buckets({ grain: "minute", tenantId: "finer", route, from })
      expect(new Set(await read(null))).toEqual(new Set(minutes))
      expect(await read("images")).toEqual(minutes.slice(2))
      expect(await read("chat", new Date(at.getTime() + 1))).toEqual(minutes.slice(1, 2))
      const before = new Date(at.getTime() + 120_000)
      const together = minutes.map((each) => ({ ...each, tenantId: allTenants }))
      await ledger().writeRows({ number: 1, rows: together })
      const readTogether = () => opened.usage.reports.buckets({ grain: "minute", tenantId: allTenants, route: null, from: at })
      await opened.usage.reports.removeBuckets({ grain: "minute", of: "tenants", before })
      expect(await read(null)).toEqual(minutes.slice(2))
      expect(new Set(await readTogether())).toEqual(new Set(together))
      await opened.usage.reports.removeBuckets({ grain: "minute", of: "all", before })
      expect(await readTogether()).toEqual(together.slice(2))
    })
  })
}
