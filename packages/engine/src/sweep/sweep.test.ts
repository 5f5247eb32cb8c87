import { type Ending, type Job, maxRescues, QueueUnavailableError, StorageUnavailableError } from "@sluice/core"
import {
  createMemoryDeadLetterStore,
  createMemoryTenantDirectory,
  sampleCacheEntry,
  sampleFailure,
  sampleJob,
  sampleSuccess,
} from "@sluice/core/testing"
import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { queueEntryOf } from "../submit/submit-job.ts"
import { createSweepHarness, sweepStart as t0 } from "../testing/sweep-harness.ts"

const later = (ms: number) => new Date(t0.getTime() + ms)
const entryOf = (job: Parameters<typeof queueEntryOf>[0]) => queueEntryOf(job, { tenants: createMemoryTenantDirectory() })
const down = () => Promise.reject(new QueueUnavailableError({ message: "down" }))

type Harness = ReturnType<typeof createSweepHarness>

/** So that a test of something else does not see the first look rebuild an empty queue. */
async function settled(harness: Harness): Promise<Harness> {
  await harness.inventory.refill(() => Promise.resolve())
  return harness
}

async function claimed({ store }: Harness, overrides: Partial<Parameters<typeof sampleJob>[0]> = {}, workerId = "w-1") {
  const job = sampleJob(overrides)
  await store.insert(job)
  await store.claim({ id: job.id, run: 1, claim: { token: `t-${job.id}`, workerId, at: t0 } })
  return job
}

describe("what is due", () => {
  test("is enqueued, once, and nothing else", async () => {
    const due = sampleJob({ enqueueDueAt: t0 })
    const harness = await settled(createSweepHarness([due, sampleJob({ notBefore: later(60_001), enqueueDueAt: later(1) })]))
    const sweep = harness.sweepAs("a")
    expect(await sweep()).toEqual({ led: true, repairs: { enqueued: 1 } })
    expect(harness.queue.entries().map(({ id }) => id)).toEqual([due.id])
    expect(await sweep()).toEqual({ led: true, repairs: {} })
  })

  test("is left alone in the queue when it is there", async () => {
    const due = sampleJob({ enqueueDueAt: t0 })
    const harness = await settled(createSweepHarness([due]))
    await harness.queue.enqueue([entryOf(due)])
    expect(await harness.sweepAs("a")()).toEqual({ led: true, repairs: {} })
    expect(harness.enqueued).toEqual([])
    expect(await harness.find(due)).toMatchObject({ enqueueDueAt: null })
  })

  test("stays due while the queue is away", async () => {
    const due = sampleJob({ enqueueDueAt: t0 })
    const harness = await settled(createSweepHarness([due]))
    const sweep = harness.sweepAs("a", { queue: { enqueue: down, remove: down } })
    expect(await sweep()).toEqual({ led: true, repairs: {} })
    expect(await harness.find(due)).toMatchObject({ enqueueDueAt: t0 })
    expect(harness.failedSteps).toEqual([])
    expect(await harness.sweepAs("a")()).toMatchObject({ repairs: { enqueued: 1 } })
  })

  test("and is handed back while it is looked at stays due at its new time", async () => {
    const due = sampleJob({ enqueueDueAt: t0 })
    const harness = await settled(createSweepHarness([due]))
    const { store } = harness
    const back = { notBefore: null, waiting: null, enqueueDueAt: later(5_000), attempts: [] }
    const inventory = {
      ...harness.inventory,
      async missing<Entry>(entries: readonly Entry[]) {
        await store.claim({ id: due.id, run: 1, claim: { token: "t", workerId: "w", at: t0 } })
        await store.handBack({ id: due.id, run: 1, token: "t", ...back })
        return { absent: entries, stranded: [] }
      },
    }
    await harness.sweepAs("a", { inventory })()
    expect(await harness.find(due)).toMatchObject({ status: "queued", enqueueDueAt: later(5_000) })
  })

  test("goes by bounded pages, all in one look", async () => {
    const jobs = Array.from({ length: 1_234 }, () => sampleJob({ enqueueDueAt: t0 }))
    const harness = await settled(createSweepHarness(jobs))
    const limits: number[] = []
    const { store } = harness
    const findDueToEnqueue: typeof store.findDueToEnqueue = (request) => {
      limits.push(request.limit)
      return store.findDueToEnqueue(request)
    }
    expect(await harness.sweepAs("a", { store: { ...store, findDueToEnqueue } })()).toMatchObject({ repairs: { enqueued: 1_234 } })
    expect(limits).toEqual([500, 500, 500])
    expect(harness.queue.entries()).toHaveLength(1_234)
  })
})

describe("what is past its deadline", () => {
  test("expires, is told to who waits and to its worker, and leaves the queue", async () => {
    const waiting = { reason: "breaker_open", endpoint: "a", since: t0, until: null, refusals: 0 } as const
    const overdue = sampleJob({ deadline: later(600_000), waiting })
    const harness = await settled(createSweepHarness([overdue, sampleJob({ deadline: later(700_000) })]))
    await harness.queue.enqueue([entryOf(overdue)])
    const heard: string[] = []
    harness.signals.onFinished(({ id }) => heard.push(id))
    harness.signals.onCancelled(({ id }) => heard.push(id))
    harness.advance(600_000)
    expect(await harness.sweepAs("a")()).toMatchObject({ repairs: { expired: 1 } })
    expect(await harness.find(overdue)).toMatchObject({
      status: "expired",
      error: { type: "deadline_exceeded", message: "Waited 600 s: a breaker_open.", endpoint: "a" },
      events: [{ type: "job.expired" }],
    })
    expect(harness.queue.entries().map(({ id }) => id)).not.toContain(overdue.id)
    expect(heard).toEqual([overdue.id, overdue.id])
  })

  test("is left to its execution for a while when it runs, and ended then; what has ended is left alone", async () => {
    const harness = await settled(createSweepHarness())
    const [running, done] = [await claimed(harness, { deadline: later(1_000) }), await claimed(harness, { deadline: later(1_000) })]
    await harness.store.finish({ id: done.id, run: 1, token: `t-${done.id}`, ending: sampleSuccess() })
    const sweep = harness.sweepAs("a")
    harness.advance(2_000)
    expect(await sweep()).toEqual({ led: true, repairs: {} })
    harness.advance(4_000)
    expect(await sweep()).toMatchObject({ repairs: { expired: 1 } })
    expect(await harness.find(running)).toMatchObject({ status: "expired" })
    expect(await harness.find(done)).toMatchObject({ status: "succeeded" })
  })
})

describe("a queue that has lost its memory", () => {
  test("is rebuilt with all that is in line and due soon, of all routes, and then not again", async () => {
    const jobs = Array.from({ length: 1_100 }, (_, index) => sampleJob({ route: index % 2 ? "chat" : "embed" }))
    const soon = sampleJob({ notBefore: later(60_000) })
    const farOff = sampleJob({ notBefore: later(60_001), enqueueDueAt: later(1) })
    const harness = createSweepHarness([...jobs, soon, farOff])
    const running = await claimed(harness)
    await harness.workers.beat({ workerId: "w-1", ttlMs: 1_000_000 })
    const sweep = harness.sweepAs("a")
    expect(await sweep()).toMatchObject({ repairs: { rebuilt: 1_101 } })
    const ids = new Set(harness.queue.entries().map(({ id }) => id))
    expect(ids).toEqual(new Set([...jobs, soon].map(({ id }) => id)))
    expect(ids).not.toContain(running.id)
    harness.advance(1)
    expect((await sweep()).repairs).not.toHaveProperty("rebuilt")
    harness.inventory.forget()
    expect(await sweep()).toMatchObject({ repairs: { rebuilt: 1_102 } })
  })

  test("is rebuilt from the start when that was interrupted", async () => {
    const harness = createSweepHarness([sampleJob(), sampleJob()])
    expect(await harness.sweepAs("a", { queue: { enqueue: down, remove: down } })()).toEqual({ led: true, repairs: {} })
    expect(await harness.sweepAs("a")()).toMatchObject({ repairs: { rebuilt: 2 } })
  })
})

describe("a running job whose worker is lost", () => {
  async function setUp(overrides: Parameters<typeof claimed>[1] = {}) {
    const harness = await settled(createSweepHarness())
    const job = await claimed(harness, overrides)
    return { ...harness, harness, job, sweep: harness.sweepAs("a") }
  }

  test("is put back in line and in the queue when the queue does not hold it", async () => {
    const { job, sweep, advance, find, queue } = await setUp()
    advance(20_001)
    expect(await sweep()).toMatchObject({ repairs: { rescued: 1, enqueued: 1 } })
    expect(await find(job)).toMatchObject({ status: "queued", rescues: 1 })
    expect(queue.entries().map(({ id }) => id)).toEqual([job.id])
    advance(30_000)
    expect(await sweep()).toEqual({ led: true, repairs: {} })
  })

  test("is left to the queue that holds it", async () => {
    const { job, sweep, advance, find, queue } = await setUp()
    await queue.enqueue([entryOf(job)])
    advance(60_000)
    expect(await sweep()).toEqual({ led: true, repairs: {} })
    expect(await find(job)).toMatchObject({ status: "running", rescues: 0 })
  })

  test("is not rescued while the worker lives, or just after the claim, or while the queue cannot be asked", async () => {
    const { harness, job, sweep, advance, find, workers } = await setUp()
    advance(19_000)
    expect(await sweep()).toEqual({ led: true, repairs: {} })
    await workers.beat({ workerId: "w-1", ttlMs: 20_000 })
    advance(19_000)
    expect(await sweep()).toEqual({ led: true, repairs: {} })
    advance(6_000)
    const blind = harness.sweepAs("a", { inventory: { ...harness.inventory, missing: down } })
    expect(await blind()).toEqual({ led: true, repairs: {} })
    expect(await find(job)).toMatchObject({ status: "running" })
    expect(await sweep()).toMatchObject({ repairs: { rescued: 1 } })
  })

  test("fails as worker_lost when that has happened too often in a row", async () => {
    const { job, sweep, advance, find, store, queue } = await setUp()
    for (let loss = 1; loss <= maxRescues; loss += 1) {
      advance(25_000)
      expect(await sweep()).toMatchObject({ repairs: { rescued: 1 } })
      await queue.remove(job)
      await store.claim({ id: job.id, run: 1, claim: { token: `t${loss}`, workerId: "w-1", at: new Date(t0.getTime() + loss * 25_000) } })
    }
    advance(25_000)
    expect(await sweep()).toMatchObject({ repairs: { lost: 1 } })
    expect(await find(job)).toMatchObject({
      status: "failed",
      error: { type: "worker_lost", message: expect.stringContaining("4 times in a row") },
      events: [{ type: "job.failed" }],
    })
  })

  test("is not touched when another worker has taken it over since the look", async () => {
    const { harness, job, advance, find, store } = await setUp({ rescues: maxRescues })
    advance(25_000)
    const findHeld: typeof store.findHeld = async (request) => {
      const page = await store.findHeld(request)
      await store.claim({ id: job.id, run: 1, claim: { token: "new", workerId: "w-2", at: harness.now() } })
      return page
    }
    expect(await harness.sweepAs("a", { scans: { ...store, findHeld } })()).toEqual({ led: true, repairs: {} })
    expect(await find(job)).toMatchObject({ status: "running", claim: { token: "new" } })
  })
})

describe("jobs of a route that was removed", () => {
  test("are parked and reported, once, and go on when it is back", async () => {
    const job = sampleJob({ route: "gone" })
    const scheduled = sampleJob({ route: "gone", notBefore: later(3_600_000) })
    const harness = await settled(createSweepHarness([job, scheduled, sampleJob()]))
    await harness.queue.enqueue(harness.queue.entries())
    const sweep = harness.sweepAs("a")
    expect((await sweep()).repairs).toMatchObject({ parked: 1 })
    expect(harness.missingRoutes).toEqual(["gone"])
    expect(await harness.find(job)).toMatchObject({ status: "queued", waiting: { reason: "route_missing", since: t0 } })
    expect(await harness.find(scheduled)).toMatchObject({ waiting: null })
    harness.advance(10_000)
    expect((await sweep()).repairs).not.toHaveProperty("parked")
    expect(harness.missingRoutes).toEqual(["gone"])

    const { chat } = harness.catalog.routes
    if (chat) harness.catalog.routes.gone = chat
    let unparked = 0
    for (let look = 0; look < 4; look += 1) {
      harness.advance(5_000)
      unparked += (await sweep()).repairs.unparked ?? 0
    }
    expect(unparked).toBe(1)
    expect(await harness.find(job)).toMatchObject({ waiting: null })
  })

  test("expire at their deadline", async () => {
    const job = sampleJob({ route: "gone", deadline: later(60_000) })
    const harness = await settled(createSweepHarness([job]))
    const sweep = harness.sweepAs("a")
    await sweep()
    harness.advance(60_000)
    await sweep()
    expect(await harness.find(job)).toMatchObject({ status: "expired", error: { message: "Waited 60 s: it route_missing." } })
  })
})

test("the scrub finds what has gone missing, in turns over all routes, and leaves alone what is there", async () => {
  const jobs = Array.from({ length: 700 }, (_, index) => sampleJob({ route: index < 600 ? "chat" : "embed" }))
  const notDue = sampleJob({ notBefore: later(3_600_000) })
  const harness = await settled(createSweepHarness([...jobs, notDue]))
  const lost = jobs.filter((_, index) => index % 100 === 7)
  await harness.queue.enqueue(jobs.filter((job) => !lost.includes(job)).map(entryOf))
  const sweep = harness.sweepAs("a")
  for (let look = 0; look < 4; look += 1) {
    await sweep()
    harness.advance(5_000)
  }
  expect(harness.enqueued.toSorted()).toEqual(lost.map(({ id }) => id).toSorted())
  expect(harness.told.filter(({ kind }) => kind === "requeued").reduce((sum, { count }) => sum + count, 0)).toBe(7)
})

describe("retention", () => {
  const dayMs = 86_400_000

  async function ended(
    harness: Harness,
    overrides: Parameters<typeof sampleJob>[0],
    ending: Ending = sampleSuccess({ at: t0 }),
  ): Promise<Job> {
    const job = await claimed(harness, overrides)
    await harness.store.finish({ id: job.id, run: 1, token: `t-${job.id}`, ending: { ...ending, eventId: `evt_${job.id}` } })
    await harness.store.markFannedOut([{ jobId: job.id, eventId: `evt_${job.id}` }])
    return job
  }

  const discardAll = ({ store }: Harness) =>
    createMemoryDeadLetterStore(store).discardOld({ createdBefore: later(1e12), limit: 10, by: "me", reason: "old", at: t0 })

  test("keeps a job as long as its dead letter is open, or its end was not told, with all that belongs to it", async () => {
    const harness = await settled(createSweepHarness())
    const dead = await ended(harness, {}, sampleFailure({ at: t0 }))
    const untold = await claimed(harness)
    await harness.store.finish({ id: untold.id, run: 1, token: `t-${untold.id}`, ending: sampleSuccess({ at: t0 }) })
    const blob = { id: `${untold.id}-1-t`, tenantId: untold.tenantId, contentType: "text/plain", bytes: new Uint8Array(1) }
    await harness.blobs.put(blob)
    harness.advance(300 * dayMs)
    const sweep = harness.sweepAs("a")
    expect(await sweep()).toEqual({ led: true, repairs: {} })
    // Not even when a scan names it.
    const scans = { ...harness.store, findRetired: () => Promise.resolve([{ ...untold, finishedAt: t0 }]) }
    expect(await harness.sweepAs("a", { scans })()).toEqual({ led: true, repairs: {} })
    expect(await harness.blobs.get(blob)).not.toBeNull()
    await harness.store.markFannedOut([{ jobId: untold.id, eventId: "evt_success" }])
    await discardAll(harness)
    harness.advance(60_000)
    expect(await sweep()).toMatchObject({ repairs: { retired: 2 } })
    expect([await harness.find(dead), await harness.find(untold), await harness.blobs.get(blob)]).toEqual([null, null, null])
  })

  test("removes each job with what belongs to it when its time is over, by status or by its own word", async () => {
    const harness = await settled(createSweepHarness())
    const options = sampleJob().options
    const succeeded = await ended(harness, {})
    const failed = await ended(harness, {}, sampleFailure({ at: t0 }))
    await discardAll(harness)
    const brief = await ended(harness, { options: { ...options, retainMs: dayMs } })
    const long = await ended(harness, { options: { ...options, retainMs: 300 * dayMs } })
    const unfinished = sampleJob()
    await harness.store.insert(unfinished)
    const blob = { id: `${brief.id}-1-t`, tenantId: brief.tenantId, contentType: "text/plain", bytes: new Uint8Array(1) }
    await harness.blobs.put(blob)
    await harness.cache.put(sampleCacheEntry({ tenantId: brief.tenantId, jobId: brief.id }))
    const sweep = harness.sweepAs("a")
    const left = async () => {
      await sweep()
      const all = await Promise.all([succeeded, failed, brief, long, unfinished].map(harness.find))
      return all.flatMap((job) => job?.id ?? [])
    }
    harness.advance(dayMs - 1)
    expect(await left()).toHaveLength(5)
    harness.advance(60_000)
    expect(await left()).toEqual([succeeded, failed, long, unfinished].map(({ id }) => id))
    expect(await harness.blobs.get(blob)).toBeNull()
    expect(await harness.cache.invalidate({ tenantId: brief.tenantId, selection: { by: "job", jobId: brief.id } })).toBe(0)
    harness.advance(30 * dayMs)
    expect(await left()).toEqual([failed, long, unfinished].map(({ id }) => id))
    harness.advance(60 * dayMs)
    // That one expired long ago, and its dead letter is open.
    expect(await left()).toEqual([long, unfinished].map(({ id }) => id))
  })

  test("keeps a job as long as its idempotency key stands", async () => {
    const harness = await settled(createSweepHarness())
    const key = { idempotencyKey: "k", idempotencyExpiresAt: later(40 * dayMs), requestHash: "h" }
    const job = await ended(harness, key)
    const sweep = harness.sweepAs("a")
    harness.advance(40 * dayMs - 1)
    await sweep()
    expect(await harness.find(job)).not.toBeNull()
    harness.advance(60_000)
    expect(await sweep()).toMatchObject({ repairs: { retired: 1 } })
    expect(await harness.find(job)).toBeNull()
  })
})

describe("the lead", () => {
  test("is one process's at a time", async () => {
    const harness = createSweepHarness()
    expect(await harness.sweepAs("a")()).toMatchObject({ led: true })
    expect(await harness.sweepAs("b")()).toEqual({ led: false, repairs: {} })
    harness.advance(15_000)
    expect(await harness.sweepAs("b")()).toMatchObject({ led: true })
  })

  test("once lost in the middle of a look ends it", async () => {
    const harness = await settled(createSweepHarness(Array.from({ length: 1_000 }, () => sampleJob({ enqueueDueAt: t0 }))))
    const { store } = harness
    const findDueToEnqueue: typeof store.findDueToEnqueue = async (request) => {
      harness.advance(16_000)
      await harness.leases.acquire({ name: "sweep", holder: "b", ttlMs: 15_000 })
      return store.findDueToEnqueue(request)
    }
    expect(await harness.sweepAs("a", { store: { ...store, findDueToEnqueue } })()).toEqual({ led: true, repairs: { enqueued: 500 } })
  })

  const overridesOf = { overdue: { deadline: later(10_000) }, route: { route: "gone" }, queued: { enqueueDueAt: t0 }, running: {} }

  async function stored(harness: Harness, kind: keyof typeof overridesOf): Promise<Job> {
    if (kind === "running") return await claimed(harness)
    const job = sampleJob(overridesOf[kind])
    await harness.store.insert(job)
    return job
  }

  test("of two that believe they have it, no job is repaired twice", async () => {
    const script = fc.array(fc.constantFrom("queued" as const, "running" as const, "overdue" as const, "route" as const), {
      minLength: 1,
      maxLength: 12,
    })
    await fc.assert(
      fc.asyncProperty(script, async (kinds) => {
        const harness = createSweepHarness()
        const jobs = await Promise.all(kinds.map((kind) => stored(harness, kind)))
        harness.advance(30_000)
        const everybody = { acquire: () => Promise.resolve(true), release: () => Promise.resolve() }
        const reports = await Promise.all(["a", "b"].map((holder) => harness.sweepAs(holder, { leases: everybody })()))
        const total = (kind: "rescued" | "expired") => reports.reduce((sum, { repairs }) => sum + (repairs[kind] ?? 0), 0)
        expect(total("expired")).toBe(kinds.filter((kind) => kind === "overdue").length)
        expect(total("rescued")).toBe(kinds.filter((kind) => kind === "running").length)
        const after = (await Promise.all(jobs.map(harness.find))).flatMap((job) => job ?? [])
        expect(after.map(({ events }) => events.length)).toEqual(kinds.map((kind) => (kind === "overdue" ? 1 : 0)))
        expect(after.map(({ rescues }) => rescues)).toEqual(kinds.map((kind) => (kind === "running" ? 1 : 0)))
        const inQueue = harness.queue.entries().map(({ id }) => id)
        const unfinished = after.flatMap(({ status, id }) => (status === "queued" ? [id] : []))
        expect(inQueue.toSorted()).toEqual(unfinished.toSorted())
      }),
      { numRuns: 50 },
    )
  })
})

describe("a look that goes wrong", () => {
  test("in one part is reported, and the other parts go on", async () => {
    const harness = await settled(createSweepHarness([sampleJob({ enqueueDueAt: t0 })]))
    const workers = { live: () => Promise.reject(new Error("defect")) }
    expect(await harness.sweepAs("a", { workers })()).toMatchObject({ repairs: { enqueued: 1 } })
    expect(harness.failedSteps).toEqual(["rescue"])
  })

  test("because the store is away ends, and says so", async () => {
    const harness = await settled(createSweepHarness())
    const findPastDeadline = () => Promise.reject(new StorageUnavailableError({ message: "down" }))
    await expect(harness.sweepAs("a", { store: { ...harness.store, findPastDeadline } })()).rejects.toThrow(StorageUnavailableError)
  })
})
