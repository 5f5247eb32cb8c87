import { afterAll, beforeAll, describe, expect, test } from "vitest"
import type { Job, QueuedJob } from "../job/job.ts"
import { maxWaitsKept } from "../job/waits.ts"
import type { JobStore } from "../ports/job-store.ts"
import type { UsageLedger } from "../ports/usage-ledger.ts"
import { sampleAttempt, sampleFailure, sampleResult, sampleSuccess } from "./sample-ending.ts"
import { sampleJob } from "./sample-job.ts"

export interface StoreUnderTest {
  readonly store: JobStore
  readonly ledger: UsageLedger
  readonly close: () => Promise<void>
}

const t0 = new Date("2026-01-01T00:00:00.000Z")
const later = (ms: number) => new Date(t0.getTime() + ms)
const claimOf = (token: string, at = later(1_000)) => ({ token, workerId: "w-1", at })

/**
 * What every `JobStore` promises, against whatever implements it. The store may hold other jobs; each test uses ids
 * and tenants of its own.
 */
export function jobStoreConformance(name: string, open: () => Promise<StoreUnderTest>): void {
  describe(`${name} as a JobStore`, () => {
    let opened: StoreUnderTest
    let store: JobStore
    let tenants = 0
    const newTenant = () => `conformance-${Date.now().toString(36)}-${++tenants}`

    beforeAll(async () => {
      opened = await open()
      store = opened.store
    })
    afterAll(() => opened.close())

    async function inserted(overrides: Partial<QueuedJob> = {}): Promise<QueuedJob> {
      const job = sampleJob({ tenantId: newTenant(), ...overrides })
      await store.insert(job)
      return job
    }
    const found = ({ tenantId, id }: Job) => store.find({ tenantId, id })
    async function claimed(token: string, overrides: Partial<QueuedJob> = {}): Promise<QueuedJob> {
      const job = await inserted(overrides)
      expect(await store.claim({ id: job.id, run: 1, claim: claimOf(token) })).toMatchObject({ kind: "claimed" })
      return job
    }

    describe("insert and find", () => {
      test("returns exactly what was stored", async () => {
        const job = await inserted({
          webhook: { url: "https://app.example/hook", events: ["job.failed"], secret: null },
          metadata: { orderId: "81", "with.dot": "1", $dollar: "2" },
          notBefore: later(5_000),
          waiting: { reason: "scheduled", endpoint: null, since: t0, until: later(5_000), refusals: 0 },
          enqueueDueAt: later(9_000),
        })
        expect(await found(job)).toEqual(job)
      })

      test("keeps any JSON as it is, whatever its keys", async () => {
        const input = JSON.parse(
          '{"$set":{"a.b":[1e300,-0.5,9007199254740993,null]},"__proto__":{"x":1},"":"","nested":{"$oid":"1","$date":0}}',
        )
        const job = await inserted({ work: { kind: "custom", input } })
        expect(JSON.stringify((await found(job))?.work.input)).toBe(JSON.stringify(input))
      })

      test("does not show a job to another tenant", async () => {
        const job = await inserted()
        expect(await store.find({ tenantId: newTenant(), id: job.id })).toBeNull()
      })

      test("accepts the same job twice", async () => {
        const job = await inserted()
        expect(await store.insert(job)).toEqual({ kind: "inserted" })
      })
    })

    describe("idempotency keys", () => {
      const key = { idempotencyKey: "k", idempotencyExpiresAt: later(60_000), requestHash: "h" }

      test("answer with the first job", async () => {
        const first = await inserted(key)
        const outcome = await store.insert(sampleJob({ ...key, tenantId: first.tenantId }))
        expect(outcome).toMatchObject({ kind: "existing", job: { id: first.id } })
      })

      test("admit one of a hundred at once", async () => {
        const tenantId = newTenant()
        const jobs = Array.from({ length: 100 }, () => sampleJob({ ...key, tenantId }))
        const outcomes = await Promise.all(jobs.map((job) => store.insert(job)))
        const winners = jobs.filter((_, index) => outcomes[index]?.kind === "inserted")
        expect(winners).toHaveLength(1)
        for (const outcome of outcomes) if (outcome.kind === "existing") expect(outcome.job.id).toBe(winners[0]?.id)
      })

      test("belong to their tenant", async () => {
        await inserted(key)
        expect(await store.insert(sampleJob({ ...key, tenantId: newTenant() }))).toEqual({ kind: "inserted" })
      })

      test("can be used again when they have expired, though the old job still exists", async () => {
        const first = await inserted(key)
        const second = sampleJob({ ...key, tenantId: first.tenantId, createdAt: later(60_000), idempotencyExpiresAt: later(120_000) })
        expect(await store.insert(second)).toEqual({ kind: "inserted" })
        expect(await found(first)).toMatchObject({ id: first.id, idempotencyKey: null })
        const third = sampleJob({ ...key, tenantId: first.tenantId, createdAt: later(61_000) })
        expect(await store.insert(third)).toMatchObject({ kind: "existing", job: { id: second.id } })
      })
    })

    describe("claim", () => {
      test("gives the job, and starts it once", async () => {
        const job = await inserted({ enqueueDueAt: later(0) })
        const first = await store.claim({ id: job.id, run: 1, claim: claimOf("a") })
        expect(first).toMatchObject({ kind: "claimed", job: { id: job.id, status: "running", claim: { token: "a" }, work: job.work } })
        await store.claim({ id: job.id, run: 1, claim: claimOf("b", later(9_000)) })
        expect(await found(job)).toMatchObject({
          status: "running",
          rescues: 1,
          waiting: null,
          startedAt: later(1_000),
          claim: { token: "b" },
        })
        expect(await found(job)).not.toHaveProperty("enqueueDueAt")
      })

      test("is refused before its time, for another run, after the end and for an unknown job", async () => {
        const early = await inserted({ notBefore: later(60_000) })
        expect(await store.claim({ id: early.id, run: 1, claim: claimOf("a") })).toEqual({ kind: "not_due", notBefore: later(60_000) })
        expect(await found(early)).toEqual(early)
        expect(await store.claim({ id: early.id, run: 2, claim: claimOf("a") })).toEqual({ kind: "gone" })
        const done = await claimed("a")
        await store.finish({ id: done.id, run: 1, token: "a", ending: sampleSuccess() })
        expect(await store.claim({ id: done.id, run: 1, claim: claimOf("b") })).toEqual({ kind: "gone" })
        expect(await store.claim({ id: sampleJob().id, run: 1, claim: claimOf("a") })).toEqual({ kind: "gone" })
      })

      test("leaves one holder of a hundred rivals", async () => {
        const job = await inserted()
        const tokens = Array.from({ length: 100 }, (_, index) => `t${index}`)
        await Promise.all(tokens.map((token) => store.claim({ id: job.id, run: 1, claim: claimOf(token) })))
        const outcomes = await Promise.all(tokens.map((token) => store.finish({ id: job.id, run: 1, token, ending: sampleSuccess() })))
        expect(outcomes.filter((outcome) => outcome.applied)).toHaveLength(1)
        const ended = await found(job)
        expect(ended).toMatchObject({ status: "succeeded", attemptCount: 1 })
        expect(ended?.events).toHaveLength(1)
      })
    })

    describe("hand back", () => {
      const back = {
        notBefore: later(30_000),
        waiting: { reason: "retry_backoff", endpoint: "a", since: t0, until: later(30_000), refusals: 0 },
        enqueueDueAt: later(60_000),
      } as const

      test("puts the job in line with its attempts", async () => {
        const job = await claimed("a")
        const attempts = [sampleAttempt({ outcome: "failed", errorType: "overloaded", httpStatus: 503, charged: true, delayMs: 2_000 })]
        expect(await store.handBack({ id: job.id, run: 1, token: "a", ...back, attempts })).toEqual({ applied: true })
        const expected = { ...job, ...back, startedAt: later(1_000), attempts, attemptCount: 1 }
        expect(await found(job)).toEqual(expected)
      })

      test("is remembered by the next execution", async () => {
        const job = await claimed("a")
        await store.handBack({ id: job.id, run: 1, token: "a", ...back, attempts: [] })
        const again = await store.claim({ id: job.id, run: 1, claim: claimOf("b", later(40_000)) })
        expect(again).toMatchObject({ kind: "claimed", job: { waiting: back.waiting } })
        expect(await found(job)).toMatchObject({ status: "running", waiting: back.waiting })
      })

      test("keeps a bounded ledger and counts all", async () => {
        const job = await claimed("a")
        const attempts = Array.from({ length: 130 }, (_, index) => sampleAttempt({ number: index + 1 }))
        await store.handBack({ id: job.id, run: 1, token: "a", ...back, attempts })
        const stored = await found(job)
        expect(stored?.attemptCount).toBe(130)
        expect(stored?.attempts.map(({ number }) => number)).toEqual(Array.from({ length: 100 }, (_, index) => index + 31))
      })

      test("ends a row of lost executions", async () => {
        const job = await claimed("a")
        await store.claim({ id: job.id, run: 1, claim: claimOf("b") })
        expect(await found(job)).toMatchObject({ rescues: 1 })
        await store.handBack({ id: job.id, run: 1, token: "b", ...back, attempts: [] })
        expect(await found(job)).toMatchObject({ rescues: 0 })
      })

      test("is refused to an execution that was overtaken", async () => {
        const job = await claimed("old")
        await store.claim({ id: job.id, run: 1, claim: claimOf("new") })
        const outcome = await store.handBack({ id: job.id, run: 1, token: "old", ...back, attempts: [] })
        expect(outcome).toEqual({ applied: false, refusal: "overtaken" })
        expect(await found(job)).toMatchObject({ status: "running", claim: { token: "new" } })
      })
    })

    describe("finish", () => {
      test("ends the job with its result and its event in one write", async () => {
        const job = await claimed("a")
        const ending = sampleSuccess()
        expect(await store.finish({ id: job.id, run: 1, token: "a", ending })).toEqual({ applied: true })
        expect(await found(job)).toMatchObject({
          status: "succeeded",
          finishedAt: ending.at,
          result: sampleResult(),
          attempts: ending.attempts,
          events: [{ id: ending.eventId, type: "job.succeeded", run: 1, at: ending.at, fannedOut: false }],
        })
      })

      test("is refused when overtaken, ended, of another run or unknown", async () => {
        const job = await claimed("a")
        const finish = (overrides: object) => store.finish({ id: job.id, run: 1, token: "a", ending: sampleSuccess(), ...overrides })
        expect(await finish({ token: "b" })).toEqual({ applied: false, refusal: "overtaken" })
        expect(await finish({ run: 2 })).toEqual({ applied: false, refusal: "other_run" })
        expect(await finish({ id: sampleJob().id })).toEqual({ applied: false, refusal: "missing" })
        expect(await finish({ ending: sampleFailure({ eventId: "evt_first" }) })).toEqual({ applied: true })
        expect(await finish({ ending: sampleSuccess({ eventId: "evt_second" }) })).toEqual({ applied: false, refusal: "finished" })
        expect(await found(job)).toMatchObject({ status: "failed", events: [{ id: "evt_first" }] })
      })

      test("keeps apart a thousand that end at once", async () => {
        const jobs = await Promise.all(Array.from({ length: 1_000 }, (_, index) => inserted({ metadata: { index: String(index) } })))
        await Promise.all(jobs.map((job) => store.claim({ id: job.id, run: 1, claim: claimOf(job.id) })))
        const endings = jobs.map((job) => sampleSuccess({ eventId: `evt_${job.id}`, result: sampleResult(job.id) }))
        const outcomes = await Promise.all(
          jobs.map((job, index) => store.finish({ id: job.id, run: 1, token: job.id, ending: endings[index] ?? sampleFailure() })),
        )
        expect(outcomes.every((outcome) => outcome.applied)).toBe(true)
        const stored = await Promise.all(jobs.map(found))
        expect(stored.map((job) => job?.status === "succeeded" && job.result)).toEqual(jobs.map((job) => sampleResult(job.id)))
      })
    })

    describe("cancel and abandon", () => {
      test("cancel ends a queued and a running job, and no other", async () => {
        for (const job of [await inserted(), await claimed("a")]) {
          const outcome = await store.cancel({ tenantId: job.tenantId, id: job.id, at: later(3_000), eventId: `evt_${job.id}` })
          expect(outcome).toMatchObject({ kind: "cancelled", job: { status: "cancelled", cancelRequestedAt: later(3_000) } })
          const again = await store.cancel({ tenantId: job.tenantId, id: job.id, at: later(4_000), eventId: "evt_again" })
          expect(again).toMatchObject({ kind: "already_final", job: { finishedAt: later(3_000), events: [{ id: `evt_${job.id}` }] } })
          expect(await store.cancel({ tenantId: newTenant(), id: job.id, at: t0, eventId: "evt" })).toEqual({ kind: "missing" })
        }
      })

      test("cancel writes down what the job waited for: until then, or until its execution began", async () => {
        const waiting = { reason: "budget", endpoint: null, since: t0, until: null, refusals: 0 } as const
        const [inLine, running] = [await inserted({ waiting }), await claimed("a", { waiting })]
        const plain = await inserted()
        for (const { id, tenantId } of [inLine, running, plain])
          await store.cancel({ tenantId, id, at: later(3_000), eventId: `evt_${id}` })
        const wait = { run: 1, reason: "budget", endpoint: null, from: t0 }
        expect((await found(inLine))?.waits).toEqual([{ ...wait, to: later(3_000) }])
        expect((await found(running))?.waits).toEqual([{ ...wait, to: claimOf("a").at }])
        expect((await found(plain))?.waits).toEqual([])
      })

      test("the last waits are kept, whoever writes them down", async () => {
        const job = await inserted()
        const waiting = { reason: "budget", endpoint: null, since: later(1_000), until: null, refusals: 0 } as const
        for (let index = 0; index <= maxWaitsKept; index += 1) {
          const token = `t${index}`
          await store.claim({ id: job.id, run: 1, claim: claimOf(token) })
          const waited = { run: 1, reason: "breaker_open", endpoint: "a", from: later(index), to: later(index + 1) } as const
          const back = { notBefore: null, enqueueDueAt: t0, attempts: [], waiting, waited }
          expect(await store.handBack({ id: job.id, run: 1, token, ...back })).toEqual({ applied: true })
        }
        const kept = (await found(job))?.waits ?? []
        expect([kept.length, kept[0]?.from, kept.at(-1)?.to]).toEqual([maxWaitsKept, later(1), later(maxWaitsKept + 1)])
        await store.cancel({ tenantId: job.tenantId, id: job.id, at: later(3_000), eventId: `evt_${job.id}` })
        const left = (await found(job))?.waits ?? []
        expect([left.length, left[0]?.from, left.at(-1)?.reason]).toEqual([maxWaitsKept, later(2), "budget"])
      })

      test("a cancelled job's execution changes nothing any more", async () => {
        const job = await claimed("a")
        await store.cancel({ tenantId: job.tenantId, id: job.id, at: later(3_000), eventId: "evt_cancel" })
        const outcome = await store.finish({ id: job.id, run: 1, token: "a", ending: sampleSuccess() })
        expect(outcome).toEqual({ applied: false, refusal: "finished" })
      })

      test("abandon ends whatever has not ended", async () => {
        const ending = sampleFailure({ status: "expired" })
        const job = await claimed("a")
        expect(await store.abandon({ id: job.id, run: 2, ending })).toEqual({ applied: false, refusal: "other_run" })
        expect(await store.abandon({ id: job.id, run: 1, ending })).toEqual({ applied: true })
        expect(await store.abandon({ id: job.id, run: 1, ending })).toEqual({ applied: false, refusal: "finished" })
        expect(await found(job)).toMatchObject({ status: "expired", error: ending.error })
      })
    })

    describe("rescue and park", () => {
      const waiting = { reason: "route_missing", endpoint: null, since: t0, until: null, refusals: 0 } as const

      test("a rescue puts a running job back in line, due to be enqueued, and counts", async () => {
        const job = await claimed("a")
        expect(await store.rescue({ id: job.id, run: 1, token: "a", at: later(5_000) })).toEqual({ applied: true })
        expect(await found(job)).toEqual({ ...job, startedAt: later(1_000), rescues: 1, enqueueDueAt: later(5_000) })
        const late = await store.finish({ id: job.id, run: 1, token: "a", ending: sampleSuccess() })
        expect(late).toEqual({ applied: false, refusal: "overtaken" })
      })

      test("a rescue of an execution that is no more changes nothing", async () => {
        const job = await claimed("old")
        await store.claim({ id: job.id, run: 1, claim: claimOf("new") })
        const before = await found(job)
        const rescue = (overrides: object) => store.rescue({ id: job.id, run: 1, token: "new", at: t0, ...overrides })
        expect(await rescue({ token: "old" })).toEqual({ applied: false, refusal: "overtaken" })
        expect(await rescue({ run: 2 })).toEqual({ applied: false, refusal: "other_run" })
        expect(await rescue({ id: sampleJob().id })).toEqual({ applied: false, refusal: "missing" })
        expect(await found(job)).toEqual(before)
        await store.finish({ id: job.id, run: 1, token: "new", ending: sampleSuccess() })
        expect(await rescue({})).toEqual({ applied: false, refusal: "finished" })
      })

      test("an abandonment that names an execution spares the one that took over", async () => {
        const job = await claimed("old")
        await store.claim({ id: job.id, run: 1, claim: claimOf("new") })
        const abandon = (token: string) => store.abandon({ id: job.id, run: 1, token, ending: sampleFailure() })
        expect(await abandon("old")).toEqual({ applied: false, refusal: "overtaken" })
        expect(await abandon("new")).toEqual({ applied: true })
        expect(await found(job)).toMatchObject({ status: "failed" })
      })

      test("parking says what a job in line waits for, and takes it back", async () => {
        const job = await inserted({ enqueueDueAt: later(1_000) })
        expect(await store.park({ id: job.id, run: 1, waiting })).toEqual({ applied: true })
        expect(await store.park({ id: job.id, run: 1, waiting })).toEqual({ applied: true })
        expect(await found(job)).toEqual({ ...job, waiting })
        expect(await store.park({ id: job.id, run: 2, waiting: null })).toEqual({ applied: false, refusal: "other_run" })
        expect(await store.park({ id: job.id, run: 1, waiting: null })).toEqual({ applied: true })
        expect(await found(job)).toEqual(job)
        const running = await claimed("a")
        expect(await store.park({ id: running.id, run: 1, waiting })).toEqual({ applied: false, refusal: "overtaken" })
        expect(await found(running)).toMatchObject({ status: "running", waiting: null })
      })

      test("tells in a few words how jobs are", async () => {
        const line = await inserted({ waiting })
        const running = await claimed("a")
        const ended = await claimed("a")
        await store.finish({ id: ended.id, run: 1, token: "a", ending: sampleSuccess() })
        const glances = await store.glance([ended.id, line.id, "job_none", running.id])
        expect(new Map(glances.map((glance) => [glance.id, glance]))).toEqual(
          new Map([
            [line.id, { id: line.id, run: 1, status: "queued", startedAt: null, waiting }],
            [running.id, { id: running.id, run: 1, status: "running", startedAt: expect.any(Date), waiting: null }],
            [ended.id, { id: ended.id, run: 1, status: "succeeded", startedAt: expect.any(Date), waiting: null }],
          ]),
        )
        expect(await store.glance([])).toEqual([])
      })

      test("tells which executions hold their job no longer", async () => {
        const [held, cancelled, taken, removed] = [await claimed("a"), await claimed("a"), await claimed("a"), await claimed("a")]
        await store.cancel({ tenantId: cancelled.tenantId, id: cancelled.id, at: t0, eventId: `evt_${cancelled.id}` })
        await store.claim({ id: taken.id, run: 1, claim: claimOf("b") })
        await store.cancel({ tenantId: removed.tenantId, id: removed.id, at: t0, eventId: `evt_${removed.id}` })
        await store.remove(removed)
        const executions = [held, cancelled, taken, removed].map(({ id }) => ({ id, run: 1, token: "a" }))
        expect(await store.findOvertaken(executions)).toEqual(executions.slice(1))
        expect(await store.findOvertaken([])).toEqual([])
      })
    })

    describe("remove", () => {
      const tellEnd = async (job: Job) => {
        const { events } = (await found(job)) ?? { events: [] }
        await store.markFannedOut(events.map(({ id: eventId }) => ({ jobId: job.id, eventId })))
      }

      test("removes a job that has ended and been accounted, of its own tenant, once", async () => {
        const job = await claimed("a")
        expect(await store.remove(job)).toBe("unfinished")
        await store.finish({ id: job.id, run: 1, token: "a", ending: sampleSuccess({ eventId: `evt_${job.id}` }) })
        await tellEnd(job)
        expect(await store.remove({ id: job.id, tenantId: newTenant() })).toBe("missing")
        expect(await store.remove(job)).toBe("unaccounted")
        expect(await found(job)).not.toBeNull()
        await opened.ledger.markAccounted({ number: 1, jobs: [{ id: job.id, calls: 1, ends: 1 }] })
        expect(await store.remove(job)).toBe("removed")
        expect(await found(job)).toBeNull()
        expect(await store.remove(job)).toBe("missing")
      })

      test("leaves a job whose end was not told, or whose dead letter is open, and says which", async () => {
        const [good, bad] = [await claimed("a"), await claimed("a")]
        const end = (job: Job) => ({ id: job.id, run: 1, token: "a", eventId: `evt_${job.id}` })
        await store.finish({ ...end(good), ending: sampleSuccess(end(good)) })
        await store.finish({ ...end(bad), ending: sampleFailure(end(bad)) })
        for (const [job, obstacle] of [
          [good, "untold"],
          [bad, "dead_letter_open"],
        ] as const) {
          expect(await store.findRemovalObstacle(job)).toBe(obstacle)
          expect(await store.remove(job)).toBe(obstacle)
        }
        await Promise.all([good, bad].map(tellEnd))
        expect(await store.findRemovalObstacle(good)).toBe("unaccounted")
        await opened.ledger.markAccounted({ number: 1, jobs: [{ id: good.id, calls: 1, ends: 1 }] })
        expect(await store.findRemovalObstacle(good)).toBeNull()
        expect(await store.findRemovalObstacle({ id: good.id, tenantId: newTenant() })).toBe("missing")
        expect(await store.remove(bad)).toBe("dead_letter_open")
        expect(await found(bad)).not.toBeNull()
      })
    })

    describe("list", () => {
      test("pages through a tenant's jobs, newest first, each once", async () => {
        const tenantId = newTenant()
        const jobs: Job[] = []
        for (let index = 0; index < 7; index += 1) jobs.push(await inserted({ tenantId, createdAt: later(index) }))
        await inserted()
        const seen: string[] = []
        for (let before: string | null = null; ; ) {
          const page: readonly Job[] = await store.list({ filter: { tenantId }, before, limit: 3 })
          seen.push(...page.map(({ id }) => id))
          if (page.length < 3) break
          before = page.at(-1)?.id ?? null
        }
        expect(seen).toEqual(jobs.map(({ id }) => id).reverse())
      })

      test("filters by each field", async () => {
        const tenantId = newTenant()
        const plain = await inserted({ tenantId, route: "other", batchId: "batch_1", metadata: { "a.b": "1" }, createdAt: later(10_000) })
        const good = await claimed("a", { tenantId })
        await store.finish({ id: good.id, run: 1, token: "a", ending: sampleSuccess() })
        const bad = await claimed("a", { tenantId })
        await store.finish({ id: bad.id, run: 1, token: "a", ending: sampleFailure() })
        const ids = async (filter: object) =>
          (await store.list({ filter: { tenantId, ...filter }, before: null, limit: 10 })).map(({ id }) => id)
        expect(await ids({ statuses: ["queued"] })).toEqual([plain.id])
        expect(new Set(await ids({ statuses: ["succeeded", "failed"] }))).toEqual(new Set([good.id, bad.id]))
        expect(await ids({ route: "other" })).toEqual([plain.id])
        expect(await ids({ errorType: "invalid_input" })).toEqual([bad.id])
        expect(await ids({ tier: "primary" })).toEqual([good.id])
        expect(await ids({ quality: "full" })).toEqual([good.id])
        expect(await ids({ quality: "stale" })).toEqual([])
        expect(await ids({ batchId: "batch_1" })).toEqual([plain.id])
        expect(await ids({ metadata: { "a.b": "1" } })).toEqual([plain.id])
        expect(await ids({ metadata: { "a.b": "2" } })).toEqual([])
        expect(await ids({ createdAfter: later(5_000) })).toEqual([plain.id])
        expect((await ids({ createdBefore: later(5_000) })).toSorted()).toEqual([good.id, bad.id].toSorted())
      })
    })

    describe("sweeps", () => {
      test("find queued jobs that are due to be enqueued, until they are marked", async () => {
        const due = await inserted({ enqueueDueAt: later(-1) })
        const notYet = await inserted({ enqueueDueAt: later(10_000) })
        const enqueued = await inserted()
        const idsDue = async () => (await store.findDueToEnqueue({ at: t0, limit: 10_000 })).map(({ id }) => id)
        expect(await idsDue()).toContain(due.id)
        for (const job of [notYet, enqueued]) expect(await idsDue()).not.toContain(job.id)
        await store.markEnqueued([{ id: due.id, run: 2, at: t0 }])
        expect(await idsDue()).toContain(due.id)
        await store.markEnqueued([{ id: due.id, run: 1, at: later(-2) }])
        expect(await idsDue()).toContain(due.id)
        await store.markEnqueued([{ id: due.id, run: 1, at: t0 }])
        expect(await idsDue()).not.toContain(due.id)
        expect(await found(due)).toEqual({ ...due, enqueueDueAt: null })
      })

      test("find unfinished jobs past their deadline", async () => {
        const past = await claimed("a", { deadline: later(5_000), batchId: "bat_1", traceparent: "00-trace", requestId: "$req" })
        const ended = await claimed("a", { deadline: later(5_000) })
        await store.finish({ id: ended.id, run: 1, token: "a", ending: sampleSuccess() })
        const inTime = await inserted({ deadline: later(50_000) })
        const overdue = await store.findPastDeadline({ at: later(6_000), limit: 10_000 })
        const ids = overdue.map(({ id }) => id)
        const { id, run, route, tenantId, batchId, traceparent, requestId } = past
        expect(overdue).toContainEqual(expect.objectContaining({ id, run, route, tenantId, batchId, traceparent, requestId }))
        for (const job of [ended, inTime]) expect(ids).not.toContain(job.id)
      })

      test("find events that are not fanned out, until they are marked", async () => {
        const ended = async (eventId: string) => {
          const job = await claimed("a")
          await store.finish({ id: job.id, run: 1, token: "a", ending: sampleSuccess({ at: later(2_000), eventId }) })
          return job
        }
        const job = await ended("evt_fan_1")
        const other = await ended("evt_fan_2")
        const ids = async (at: Date) => (await store.findToFanOut({ at, limit: 10_000 })).map(({ id }) => id)
        expect(await ids(later(2_001))).toEqual(expect.arrayContaining([job.id, other.id]))
        expect(await ids(later(2_000))).not.toContain(job.id)
        await store.markFannedOut([{ jobId: job.id, eventId: "evt_other" }])
        expect(await ids(later(2_001))).toContain(job.id)
        await store.markFannedOut([{ jobId: job.id, eventId: "evt_fan_1" }])
        expect(await ids(later(2_001))).not.toContain(job.id)
        expect(await ids(later(2_001))).toContain(other.id)
        expect((await found(job))?.events).toMatchObject([{ id: "evt_fan_1", fannedOut: true }])
      })

      test("need not fan out the end that nobody is to hear of", async () => {
        const job = await claimed("a")
        await store.finish({ id: job.id, run: 1, token: "a", ending: sampleSuccess({ at: later(2_000), isUnheard: true }) })
        expect((await found(job))?.events).toMatchObject([{ fannedOut: true }])
        expect((await store.findToFanOut({ at: later(2_001), limit: 10_000 })).map(({ id }) => id)).not.toContain(job.id)
      })

      test("claim many at once under one token, each by its own state", async () => {
        const waiting = await inserted({ notBefore: later(60_000) })
        const [one, two] = [await inserted(), await inserted()]
        const taken = await claimed("other")
        const claim = { token: "shared", workerId: "w-1", at: later(1_000) }
        const all = [one, two, waiting, taken]
        const outcomes = await Promise.all(all.map(({ id }) => store.claim({ id, run: 1, claim })))
        expect(outcomes.map(({ kind }) => kind)).toEqual(["claimed", "claimed", "not_due", "claimed"])
        const jobs = await Promise.all(all.map(found))
        expect(jobs.map((job) => job?.status)).toEqual(["running", "running", "queued", "running"])
        expect(jobs.map((job) => job?.rescues)).toEqual([0, 0, 0, 1])
      })
    })
  })
}
