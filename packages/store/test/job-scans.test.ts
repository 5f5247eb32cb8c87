import { deadLetterStates, type JobScans, newJobId, type QueuedJob } from "@sluice/core"
import { sampleFailure, sampleJob, sampleSuccess } from "@sluice/core/testing"
import type { Document } from "mongodb"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { jobsOfFilter } from "../src/dead-letters/dead-letter-filter.ts"
import { createSealer } from "../src/encryption/sealer.ts"
import { toDocument } from "../src/jobs/to-document.ts"
import { openTestStore, type TestStore } from "./open-test-store.ts"

const t0 = new Date("2026-01-01T00:00:00.000Z")
const later = (ms: number) => new Date(t0.getTime() + ms)
const claimOf = (token: string, workerId: string, at = t0) => ({ token, workerId, at })

let store: TestStore
beforeAll(async () => {
  store = await openTestStore()
})
afterAll(() => store.close())

async function inserted(overrides: Partial<QueuedJob> = {}): Promise<QueuedJob> {
  const job = sampleJob(overrides)
  await store.jobs.insert(job)
  return job
}

async function ended(overrides: Partial<QueuedJob>, at: Date, status: "succeeded" | "failed" = "succeeded"): Promise<QueuedJob> {
  const job = await inserted(overrides)
  await store.jobs.claim({ id: job.id, run: 1, claim: claimOf("t", "w") })
  const ending = status === "succeeded" ? sampleSuccess({ at }) : sampleFailure({ at })
  await store.jobs.finish({ id: job.id, run: 1, token: "t", ending: { ...ending, eventId: `evt_${job.id}` } })
  await store.jobs.markFannedOut([{ jobId: job.id, eventId: `evt_${job.id}` }])
  return job
}

describe("walking through queued jobs", () => {
  test("names each route that has some once, in order, and pages through each by id", async () => {
    const routes = ["scan-a", "scan-b"]
    const jobs = await Promise.all(Array.from({ length: 7 }, (_, index) => inserted({ route: routes[index % 2] ?? "" })))
    const farOff = await inserted({ route: "scan-b", notBefore: later(60_001) })
    const soon = await inserted({ route: "scan-b", notBefore: later(60_000) })
    await ended({ route: "scan-c" }, later(1e9))
    const found: string[] = []
    const next = (after: string) => store.scans.nextRoute({ status: "queued", after })
    for (let route = await next("scan-"); route !== null; route = await next(route)) found.push(route)
    expect(found).toEqual(routes)
    const seen: string[] = []
    for (let after: string | null = null; ; ) {
      const page: Awaited<ReturnType<JobScans["findOutstanding"]>> = await store.scans.findOutstanding({
        route: "scan-b",
        after,
        dueBy: later(60_000),
        limit: 2,
      })
      seen.push(...page.map(({ id }) => id))
      if (page.length < 2) break
      after = page.at(-1)?.id ?? null
    }
    expect(seen).toEqual([...jobs.filter(({ route }) => route === "scan-b"), soon].map(({ id }) => id).toSorted())
    expect(seen).not.toContain(farOff.id)
  })

  test("carries nothing of an input", async () => {
    const job = await inserted({ route: "scan-slim", work: { kind: "custom", input: "x".repeat(100_000) } })
    const [outstanding] = await store.scans.findOutstanding({ route: "scan-slim", after: null, dueBy: t0, limit: 1 })
    const { id, run, route, tenantId } = job
    expect(outstanding).toEqual({ id, run, route, tenantId, notBefore: null, waiting: null, options: { priority: "standard" } })
  })

  test("finds what does not say that its route is missing", async () => {
    const waiting = { reason: "route_missing", endpoint: null, since: t0, until: null, refusals: 0 } as const
    const parked = await inserted({ route: "scan-park", waiting })
    const not = await inserted({ route: "scan-park" })
    await inserted({ route: "scan-park", notBefore: later(1) })
    const ids = async () => (await store.scans.findUnparked({ route: "scan-park", dueBy: t0, limit: 10 })).map(({ id }) => id)
    expect(await ids()).toEqual([not.id])
    await store.jobs.park({ id: parked.id, run: 1, waiting: null })
    expect((await ids()).toSorted()).toEqual([not.id, parked.id].toSorted())
  })
})

const onBudget = { reason: "budget", endpoint: null, since: t0, until: null, refusals: 0 } as const

test("running jobs are found by their claim's age and worker", async () => {
  const [dead, living, young, queued] = [
    await inserted({ requestId: "req_1", waiting: onBudget }),
    await inserted(),
    await inserted(),
    await inserted(),
  ]
  await store.jobs.claim({ id: dead.id, run: 1, claim: claimOf("d", "dead") })
  await store.jobs.claim({ id: living.id, run: 1, claim: claimOf("l", "living") })
  await store.jobs.claim({ id: young.id, run: 1, claim: claimOf("y", "dead", later(60_000)) })
  const request = { route: "chat", after: null, claimedBefore: later(60_000), exceptWorkers: ["living"], limit: 100 }
  const held = await store.scans.findHeld(request)
  const { id, run, route, tenantId, batchId, traceparent, requestId } = dead
  expect(requestId).toBe("req_1")
  expect(held).toEqual([
    { id, run, route, tenantId, batchId, traceparent, requestId, waiting: onBudget, rescues: 0, claim: claimOf("d", "dead") },
  ])
  expect(await store.scans.findHeld({ ...request, after: dead.id })).toEqual([])
  expect(await store.scans.findHeld({ ...request, route: "other" })).toEqual([])
  expect(await store.scans.nextRoute({ status: "running", after: null })).toBe("chat")
  const all = await store.scans.findHeld({ ...request, exceptWorkers: [], claimedBefore: later(90_000) })
  expect(all.map((job) => job.id).toSorted()).toEqual([dead, living, young].map((job) => job.id).toSorted())
  expect(all.map((job) => job.id)).not.toContain(queued.id)
})

interface StoredDelivery {
  readonly _id: string
  readonly tenantId: string
  readonly jobId: string
  readonly status: string
  readonly failedAt?: Date
}
const deliveries = () => store.direct.collection<StoredDelivery>("deliveries")

describe("retention", () => {
  const options = sampleJob().options
  const request = { at: later(100_000), finishedBefore: later(50_000), limit: 100 }
  const retired = async (status: "succeeded" | "failed", overrides: Partial<typeof request> = {}) =>
    (await store.scans.findRetired({ ...request, status, ...overrides })).map(({ id }) => id)

  test("is by status, by the job's own word, and never before what depends on the job has ended", async () => {
    const old = await ended({}, later(50_000))
    const young = await ended({}, later(50_001))
    const brief = await ended({ options: { ...options, retainMs: 40_000 } }, later(60_000))
    const long = await ended({ options: { ...options, retainMs: 100_001 } }, later(0))
    const key = { requestHash: "h", idempotencyKey: "k1" }
    const keyed = await ended({ ...key, idempotencyExpiresAt: later(100_001) }, later(1_000))
    const delivering = await ended({}, later(2_000))
    const dead = await ended({}, later(3_000), "failed")
    const closed = await ended({}, later(4_000), "failed")
    const untold = await ended({}, later(5_000))
    const unheard = await ended({}, later(6_000))
    const { tenantId } = old
    await deliveries().insertMany([
      { _id: "d1", tenantId, jobId: delivering.id, status: "pending" },
      { _id: "d2", tenantId, jobId: old.id, status: "delivered" },
      { _id: "d3", tenantId, jobId: unheard.id, status: "failed", failedAt: later(7_000) },
    ])
    const jobs = store.direct.collection<{ _id: string; deadLetter?: { state: string }; "events.0.fannedOut"?: boolean }>("jobs")
    await jobs.updateOne({ _id: untold.id }, { $set: { "events.0.fannedOut": false } })
    await jobs.updateOne({ _id: dead.id }, { $set: { deadLetter: { state: "open" } } })
    await jobs.updateOne({ _id: closed.id }, { $set: { deadLetter: { state: "discarded" } } })

    expect(await retired("succeeded")).toEqual([old.id, brief.id])
    expect(await retired("failed")).toEqual([closed.id])
    expect(await retired("succeeded", { limit: 1 })).toEqual([old.id])
    const obstacles = () => Promise.all([delivering, dead, untold, unheard, old].map((job) => store.jobs.findRemovalObstacle(job)))
    const expected = ["delivery_pending", "dead_letter_open", "untold", "delivery_given_up"] as const
    expect(await obstacles()).toEqual([...expected, "unaccounted"])
    await store.usage.markAccounted({ number: 1, jobs: [{ id: old.id, calls: 1, ends: 1 }] })
    expect(await obstacles()).toEqual([...expected, null])
    expect(await Promise.all([delivering, dead, untold, unheard].map((job) => store.jobs.remove(job)))).toEqual(expected)
    await deliveries().updateOne({ _id: "d1" }, { $set: { status: "delivered" } })
    await deliveries().updateOne({ _id: "d3" }, { $unset: { failedAt: "" } })
    await jobs.updateOne({ _id: untold.id }, { $set: { "events.0.fannedOut": true } })
    await jobs.updateOne({ _id: dead.id }, { $set: { "deadLetter.state": "discarded" } })
    expect(await retired("succeeded", { at: later(100_001) })).toEqual([
      ...[long.id, keyed.id, delivering.id, untold.id, unheard.id, old.id, brief.id],
    ])
    expect(await retired("failed")).toEqual([dead.id, closed.id])
    expect(await retired("succeeded")).not.toContain(young.id)

    expect(await store.jobs.remove(old)).toBe("removed")
    expect((await deliveries().find({}).toArray()).map(({ _id }) => _id)).toEqual(["d1", "d3"])
  })

  test("passes over pages of jobs that are held", async () => {
    const held = await Promise.all(Array.from({ length: 12 }, (_, index) => ended({ tenantId: "held" }, later(-100_000 + index))))
    const free = await ended({ tenantId: "held" }, later(-90_000))
    await deliveries().insertMany(held.map(({ id, tenantId }) => ({ _id: `d-${id}`, tenantId, jobId: id, status: "pending" })))
    const found = await retired("succeeded", { at: later(0), finishedBefore: later(-90_000), limit: 5 })
    expect(found).toEqual([free.id])
  })
})

describe("beside a great many old jobs", () => {
  const oldJobs = 20_000
  beforeAll(async () => {
    const result = JSON.stringify({ output: { at: "job", value: "1" } })
    const old = Array.from({ length: oldJobs }, (_, index): Document => {
      const createdAt = later(-index * 1_000)
      const job = sampleJob({ id: newJobId({ at: createdAt }), tenantId: "old", createdAt })
      return { ...toDocument(job, createSealer([])), status: "succeeded", finishedAt: createdAt, result }
    })
    for (let at = 0; at < old.length; at += 5_000) await store.direct.collection("jobs").insertMany(old.slice(at, at + 5_000))
    await store.direct.command({ ping: 1 })
  }, 120_000)

  /** How many documents the engine looked at; plans differ by engine, so their words are read where they have them. */
  async function planOf(filter: Document, sort: Document): Promise<string> {
    return JSON.stringify(await store.direct.collection("jobs").find(filter).sort(sort).limit(500).explain())
  }

  const unfinished = { status: { $in: ["queued", "running"] } }
  const looks: [string, Document, Document, string][] = [
    ["jobs to enqueue", { enqueueDueAt: { $lte: t0 }, status: "queued" }, { enqueueDueAt: 1 }, "enqueue_due"],
    ["overdue jobs", { deadline: { $lte: t0 }, ...unfinished }, { deadline: 1 }, "unfinished_deadline"],
    ["jobs of a route", { status: "queued", route: "chat", _id: { $gt: "job_0" } }, { _id: 1 }, "unfinished_route"],
    [
      "retired jobs",
      { status: "succeeded", "options.retainMs": null, finishedAt: { $exists: true, $lte: later(-1e9) } },
      { finishedAt: 1, _id: 1 },
      "ended",
    ],
    [
      "jobs retained for as long as they say",
      { status: "succeeded", "options.retainMs": { $gt: 0 }, finishedAt: { $exists: true } },
      { "options.retainMs": 1 },
      "ended",
    ],
    ["running jobs", { status: "running", route: "chat", _id: { $gt: "job_0" } }, { _id: 1 }, "unfinished_route"],
    [
      "a tenant's jobs of a time",
      { tenantId: "old", createdAt: { $lt: t0 }, _id: { $lt: newJobId({ at: t0 }), $gte: newJobId({ at: later(-60_000) }) } },
      { _id: -1 },
      "tenant_newest",
    ],
    [
      "results of a batch",
      { tenantId: "old", batchId: "b", finishedAt: { $exists: true, $gte: t0, $lte: later(1) } },
      { finishedAt: 1 },
      "batch_ended",
    ],
    ["jobs that a lower tier answered", { tenantId: "old", "result.provenance.served.tier": "fallback" }, { _id: -1 }, "tenant_lower_tier"],
    ["answers that are not as good", { tenantId: "old", "result.provenance.quality": "reduced" }, { _id: -1 }, "tenant_lesser_quality"],
  ]
  test.each(looks)("%s are found by an index", async (_what, filter, sort, index) => {
    const plan = await planOf(filter, sort)
    expect(plan).toContain(index)
    expect(plan).not.toMatch(/COLLSCAN|Seq Scan/)
  })

  test.each(deadLetterStates)("%s dead letters are found without a look at whatever else had the status", async (state) => {
    const filter = jobsOfFilter({ tenantId: "old", state }) ?? {}
    const plan = await planOf(filter, { "deadLetter.at": -1, _id: -1 })
    expect(plan).toMatch(/dead_letter/)
    expect(plan).not.toMatch(/COLLSCAN|Seq Scan|tenant_status|unfinished/)
  })
})
