import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { deadLetterIdOf } from "../job/dead-letter.ts"
import type { QueuedJob } from "../job/job.ts"
import type { DeadLetterFilter, DeadLetterPosition, DeadLetterStore } from "../ports/dead-letter-store.ts"
import type { JobStore } from "../ports/job-store.ts"
import { sampleFailure, sampleReplaying, sampleSuccess } from "./sample-ending.ts"
import { sampleJob } from "./sample-job.ts"

export interface DeadLettersUnderTest {
  readonly jobs: JobStore
  readonly deadLetters: DeadLetterStore
  readonly close: () => Promise<void>
}

const t0 = new Date("2026-01-01T00:00:00.000Z")
const later = (ms: number) => new Date(t0.getTime() + ms)
const word = { by: "key_1", reason: "not worth it", at: later(90_000) }

/** What every `DeadLetterStore` promises over the jobs of a `JobStore`. */
export function deadLetterStoreConformance(name: string, open: () => Promise<DeadLettersUnderTest>): void {
  describe(`${name} as a DeadLetterStore`, () => {
    let opened: DeadLettersUnderTest
    let tenants = 0
    const newTenant = () => `letters-${Date.now().toString(36)}-${++tenants}`
    beforeAll(async () => {
      opened = await open()
    })
    afterAll(() => opened.close())

    interface Death {
      readonly at?: Date
      readonly error?: Partial<ReturnType<typeof sampleFailure>["error"]>
      readonly status?: "failed" | "expired"
      readonly run?: number
    }
    async function die(job: Pick<QueuedJob, "id">, { at = later(1_000), error = {}, status = "failed", run = 1 }: Death = {}) {
      const ending = sampleFailure({ at, status, eventId: `evt_${job.id}_${run}`, error: { ...sampleFailure().error, ...error } })
      expect(await opened.jobs.abandon({ id: job.id, run, ending })).toEqual({ applied: true })
    }
    async function tell({ id, tenantId }: Pick<QueuedJob, "id" | "tenantId">) {
      const events = (await opened.jobs.find({ id, tenantId }))?.events ?? []
      await opened.jobs.markFannedOut(events.map((event) => ({ jobId: id, eventId: event.id })))
    }
    async function dead(overrides: Partial<QueuedJob>, death: Death = {}): Promise<QueuedJob> {
      const job = sampleJob(overrides)
      await opened.jobs.insert(job)
      await die(job, death)
      return job
    }
    const listed = (filter: DeadLetterFilter, limit = 100) => opened.deadLetters.list({ filter, order: "newest_first", after: null, limit })
    const idsOf = async (filter: DeadLetterFilter) => (await listed(filter)).map(({ jobId }) => jobId)
    const letterOf = ({ tenantId, id }: QueuedJob) => opened.deadLetters.find({ tenantId, id: deadLetterIdOf({ id }) })

    test("every job that failed or expired is one, and no other", async () => {
      const tenantId = newTenant()
      const failed = await dead({ tenantId })
      const expired = await dead({ tenantId }, { status: "expired", at: later(2_000) })
      const good = sampleJob({ tenantId })
      await opened.jobs.insert(good)
      await opened.jobs.claim({ id: good.id, run: 1, claim: { token: "t", workerId: "w", at: t0 } })
      await opened.jobs.finish({ id: good.id, run: 1, token: "t", ending: sampleSuccess() })
      const cancelled = sampleJob({ tenantId })
      await opened.jobs.insert(cancelled)
      await opened.jobs.cancel({ tenantId, id: cancelled.id, at: t0, eventId: "evt_c" })
      expect(await idsOf({ tenantId })).toEqual([expired.id, failed.id])
      expect(await letterOf(failed)).toEqual({
        id: deadLetterIdOf(failed),
        kind: "job",
        state: "open",
        tenantId,
        jobId: failed.id,
        deliveryId: null,
        run: 1,
        route: "chat",
        job: { id: failed.id, route: "chat", kind: "chat", priority: "standard", expiresInMs: 86_400_000, batchId: null },
        endpoint: "a",
        error: { type: "invalid_input", message: "a: refused", httpStatus: 400 },
        attemptCount: 0,
        createdAt: later(1_000),
        replays: [],
        discarded: null,
      })
      expect(await letterOf(good)).toBeNull()
      expect(await opened.deadLetters.find({ tenantId: newTenant(), id: deadLetterIdOf(failed) })).toBeNull()
      expect(await opened.deadLetters.find({ tenantId, id: "dl_evt_1:job" })).toBeNull()
    })

    test("a replay takes it up, and its run's end decides what becomes of it", async () => {
      const tenantId = newTenant()
      const job = await dead({ tenantId })
      const replay = (run: number, replayId: string) => opened.jobs.replay({ id: job.id, run, ...sampleReplaying({ replayId }) })
      expect(await replay(1, "rpl_a")).toEqual({ applied: false, refusal: "untold" })
      await tell(job)
      expect(await replay(1, "rpl_a")).toEqual({ applied: true })
      expect(await replay(1, "rpl_a")).toEqual({ applied: true })
      expect(await replay(1, "rpl_b")).toEqual({ applied: false, refusal: "other_run" })
      expect(await letterOf(job)).toMatchObject({ state: "replaying", run: 2, replays: [{ replayId: "rpl_a", run: 2, outcome: null }] })
      expect(await idsOf({ tenantId, state: "replaying" })).toEqual([job.id])
      expect(await idsOf({ tenantId, state: "open" })).toEqual([])

      await die(job, { run: 2, at: later(70_000), error: { type: "overloaded", endpoint: "b" } })
      expect(await letterOf(job)).toMatchObject({
        state: "open",
        createdAt: later(70_000),
        error: { type: "overloaded" },
        endpoint: "b",
        replays: [{ outcome: "failed" }],
      })
      await tell(job)
      expect(await replay(2, "rpl_a")).toEqual({ applied: false, refusal: "not_replayable" })
      expect(await replay(1, "rpl_b")).toEqual({ applied: false, refusal: "other_run" })
      expect(await replay(2, "rpl_b")).toEqual({ applied: true })
      await opened.jobs.claim({ id: job.id, run: 3, claim: { token: "t", workerId: "w", at: later(80_000) } })
      await opened.jobs.finish({ id: job.id, run: 3, token: "t", ending: sampleSuccess() })
      expect(await letterOf(job)).toMatchObject({ state: "resolved", replays: [{ outcome: "failed" }, { outcome: "succeeded" }] })
      expect(await idsOf({ tenantId, state: "resolved" })).toEqual([job.id])
      const progress = (replayId: string) => opened.deadLetters.progressOf({ tenantId, replayId })
      expect(await progress("rpl_a")).toEqual({ requeued: 1, succeeded: 0, failed: 1, cancelled: 0 })
      expect(await progress("rpl_b")).toEqual({ requeued: 1, succeeded: 1, failed: 0, cancelled: 0 })
      expect(await opened.deadLetters.progressOf({ tenantId: newTenant(), replayId: "rpl_a" })).toMatchObject({ requeued: 0 })
    })

    test("filters by each field, and by tenant", async () => {
      const tenantId = newTenant()
      const one = await dead(
        { tenantId, route: "other", batchId: "batch_1", metadata: { "a.b": "1", $c: "2" } },
        { at: later(5_000), error: { type: "overloaded", endpoint: "b" } },
      )
      const two = await dead({ tenantId, metadata: { "a.b": "1" } }, { error: { endpoint: null } })
      await dead({ tenantId: newTenant() })
      const same: readonly Omit<DeadLetterFilter, "tenantId">[] = [
        { route: "other" },
        { errorType: "overloaded" },
        { endpoint: "b" },
        { batchId: "batch_1" },
        { metadata: { "a.b": "1", $c: "2" } },
        { createdAfter: later(1_000) },
        { ids: [deadLetterIdOf(one), "dl_other"] },
        { createdAfter: later(4_999), createdBefore: later(5_001), state: "open", kind: "job" },
      ]
      for (const filter of same) expect(await idsOf({ tenantId, ...filter })).toEqual([one.id])
      expect(await idsOf({ tenantId, createdBefore: later(5_000) })).toEqual([two.id])
      expect(await idsOf({ tenantId, metadata: { "a.b": "1" } })).toEqual([one.id, two.id])
      expect(await idsOf({ tenantId, kind: "delivery" })).toEqual([])
      expect(await idsOf({ tenantId, ids: [] })).toEqual([])
    })

    test.each(["newest_first", "oldest_first"] as const)("pages through them %s, each once, also those of one instant", async (order) => {
      const tenantId = newTenant()
      for (let index = 0; index < 7; index += 1) await dead({ tenantId }, { at: later(Math.floor(index / 3)) })
      const seen: { readonly createdAt: Date; readonly id: string }[] = []
      for (let after: DeadLetterPosition | null = null; ; ) {
        const page: readonly DeadLetterPosition[] = await opened.deadLetters.list({ filter: { tenantId }, order, after, limit: 2 })
        seen.push(...page)
        const last = page.at(-1)
        if (!last) break
        after = { createdAt: last.createdAt, id: last.id }
      }
      expect(new Set(seen.map(({ id }) => id)).size).toBe(7)
      const keys = seen.map(({ createdAt, id }) => `${createdAt.toISOString()} ${id}`)
      expect(keys).toEqual(order === "oldest_first" ? keys.toSorted() : keys.toSorted().toReversed())
    })

    test("summarises by each key, the largest group first", async () => {
      const tenantId = newTenant()
      await dead({ tenantId }, { error: { type: "overloaded", endpoint: "b" } })
      await dead({ tenantId, route: "other" }, { error: { type: "overloaded", endpoint: null }, at: later(86_400_000) })
      await dead({ tenantId })
      const by = (key: Parameters<DeadLetterStore["summarise"]>[0]["by"], filter: object = {}) =>
        opened.deadLetters.summarise({ filter: { tenantId, ...filter }, by: key })
      expect(await by("errorType")).toEqual([
        { key: "overloaded", count: 2 },
        { key: "invalid_input", count: 1 },
      ])
      expect(await by("route")).toEqual([
        { key: "chat", count: 2 },
        { key: "other", count: 1 },
      ])
      expect(await by("day")).toEqual([
        { key: "2026-01-01", count: 2 },
        { key: "2026-01-02", count: 1 },
      ])
      expect(await by("inputKind")).toEqual([{ key: "chat", count: 3 }])
      expect(new Set(await by("endpoint"))).toEqual(new Set(["a", "b", null].map((key) => ({ key, count: 1 }))))
      expect(await by("errorType", { route: "other", state: "open" })).toEqual([{ key: "overloaded", count: 1 }])
    })

    test("tells causes by error, route and endpoint, with times and a sample; and selects those of no endpoint", async () => {
      const tenantId = newTenant()
      const overloaded = { type: "overloaded", endpoint: "b" } as const
      const jobs = [await dead({ tenantId }, { error: overloaded }), await dead({ tenantId }, { error: overloaded, at: later(5_000) })]
      const other = await dead({ tenantId, route: "other" }, { error: overloaded, at: later(2_000) })
      const uncalled = await dead({ tenantId }, { error: { type: "deadline_exceeded", endpoint: null }, status: "expired" })
      const causes = await opened.deadLetters.causes({ filter: { tenantId, state: "open" }, limit: 10 })
      expect(causes.map(({ errorType, route, endpoint, count }) => [errorType, route, endpoint, count])).toEqual(
        expect.arrayContaining([
          ["overloaded", "chat", "b", 2],
          ["overloaded", "other", "b", 1],
          ["deadline_exceeded", "chat", null, 1],
        ]),
      )
      expect(causes[0]).toMatchObject({ kind: "job", count: 2, oldestAt: later(1_000), newestAt: later(5_000) })
      expect(jobs.map((job) => deadLetterIdOf(job))).toContain(causes[0]?.sampleId)
      expect(await opened.deadLetters.causes({ filter: { tenantId }, limit: 1 })).toHaveLength(1)
      expect(await opened.deadLetters.causes({ filter: { tenantId, route: "other" }, limit: 10 })).toMatchObject([
        { sampleId: deadLetterIdOf(other), count: 1 },
      ])
      expect(await idsOf({ tenantId, endpoint: null })).toEqual([uncalled.id])
      expect(await opened.deadLetters.causes({ filter: { tenantId: newTenant() }, limit: 10 })).toEqual([])
    })

    test("discards open ones only, in bounded steps, for good", async () => {
      const tenantId = newTenant()
      const jobs = [await dead({ tenantId }), await dead({ tenantId }), await dead({ tenantId })]
      const stranger = await dead({ tenantId: newTenant() })
      const [replayed] = jobs
      if (!replayed) throw new Error("There is no job.")
      await tell(replayed)
      await opened.jobs.replay({ id: replayed.id, run: 1, ...sampleReplaying() })
      const discard = () => opened.deadLetters.discard({ filter: { tenantId }, limit: 1, ...word })
      expect([await discard(), await discard(), await discard()]).toEqual([1, 1, 0])
      expect((await listed({ tenantId, state: "discarded" })).map(({ discarded }) => discarded)).toEqual([word, word])
      expect(await letterOf(replayed)).toMatchObject({ state: "replaying", discarded: null })
      expect(await letterOf(stranger)).toMatchObject({ state: "open" })
      for (const { id } of jobs.slice(1)) {
        const outcome = await opened.jobs.replay({ id, run: 1, ...sampleReplaying() })
        expect(outcome).toEqual({ applied: false, refusal: "not_replayable" })
      }
    })

    test("counts the failures of a time, and discards what is old, of all tenants", async () => {
      const long = (ms: number) => new Date(Date.parse("2001-01-01T00:00:00.000Z") + ms)
      const [old, young] = [
        await dead({ tenantId: newTenant() }, { at: long(1_000) }),
        await dead({ tenantId: newTenant() }, { at: long(2_000) }),
      ]
      expect(await opened.deadLetters.countFailures({ from: long(1_000), until: long(2_000) })).toBe(1)
      expect(await opened.deadLetters.countFailures({ from: long(1_000), until: long(2_001) })).toBe(2)
      expect(await opened.deadLetters.discardOld({ createdBefore: long(2_000), limit: 10, ...word })).toBe(1)
      expect(await letterOf(old)).toMatchObject({ state: "discarded", discarded: word })
      expect(await letterOf(young)).toMatchObject({ state: "open" })
    })
  })
}
