import { type DeadLetter, QueueUnavailableError, StorageUnavailableError } from "@sluice/core"
import { sampleWebhookEndpoint } from "@sluice/core/testing"
import { describe, expect, test } from "vitest"
import { createDeadLettersHarness } from "../testing/dead-letters-harness.ts"
import type { CreateReplayOutcome } from "./create-replay.ts"

type Harness = ReturnType<typeof createDeadLettersHarness>

async function withDead(count: number): Promise<Harness> {
  const harness = createDeadLettersHarness()
  for (let index = 0; index < count; index += 1) await harness.dead()
  harness.advance(1_000)
  return harness
}

function idOf(outcome: CreateReplayOutcome): string {
  if (outcome.kind !== "created") throw new Error(`The replay was not made: ${outcome.kind}`)
  return outcome.replay.id
}

const all = { filter: { state: "open" } } as const
const createLetter = (): DeadLetter => ({
  id: "dl_evt_1:whe_1",
  kind: "delivery",
  state: "open",
  tenantId: "default",
  jobId: null,
  deliveryId: "evt_1:whe_1",
  run: 1,
  route: null,
  job: null,
  endpoint: "whe_1",
  error: { type: "delivery_failed", message: "It answered 500.", httpStatus: 500 },
  attemptCount: 8,
  createdAt: new Date(0),
  replays: [],
  discarded: null,
})
const requestIds = ({ jobs }: Harness) => [...jobs.jobs.values()].map(({ requestId }) => requestId)
const runs = ({ jobs }: Harness) => [...jobs.jobs.values()].map(({ run }) => run)
const found = async ({ replays }: Harness, id: string) => await replays.find({ tenantId: "default", id })

describe("replay runner", () => {
  test("starts one more run of each selected job, at the pace that was asked for", async () => {
    const harness = await withDead(25)
    const id = idOf(await harness.replay({ ...all, perSecond: 10 }))
    const tick = harness.runnerAs("a")
    const started: number[] = []
    for (let step = 0; step < 7; step += 1) {
      await tick()
      started.push(harness.queue.entries().length)
      harness.advance(500)
    }
    expect(started).toEqual([0, 5, 10, 15, 20, 25, 25])
    expect(runs(harness)).toEqual(Array(25).fill(2))
    expect(new Set(requestIds(harness))).toEqual(new Set(["req_replay"]))
    harness.advance(2_000)
    await tick()
    expect(await found(harness, id)).toMatchObject({ status: "running", progress: { requeued: 25 }, isRequeued: true })
    await harness.endRuns((job) => job.id.endsWith("0"))
    harness.advance(2_000)
    await tick()
    const { progress, ...replay } = (await found(harness, id)) ?? {}
    expect(replay).toMatchObject({ status: "completed", finishedAt: harness.clock() })
    expect(progress).toMatchObject({ requeued: 25, cancelled: 0 })
    expect((progress?.succeeded ?? 0) + (progress?.failed ?? 0)).toBe(25)
    expect(await tick()).toEqual({ active: 0 })
  })

  test("tells webhooks how a run ended, with its result, before another begins", async () => {
    const harness = createDeadLettersHarness()
    await harness.endpoints.insert(sampleWebhookEndpoint({ events: ["job.failed"] }))
    const job = await harness.dead()
    harness.advance(1_000)
    await harness.replay({ ...all })
    const tick = harness.runnerAs("a")
    await tick()
    harness.advance(1_000)
    await tick()
    expect(runs(harness)).toEqual([2])
    const [told] = await harness.deliveries.ofJob({ tenantId: job.tenantId, jobId: job.id })
    expect(JSON.parse(told?.body ?? "")).toMatchObject({
      type: "job.failed",
      data: { run: 1, status: "failed", error: { type: "invalid_input" }, deadLetterId: expect.any(String) },
    })
  })

  test("a pause between two looks does not make up for itself in a burst", async () => {
    const harness = await withDead(30)
    await harness.replay({ ...all, perSecond: 5 })
    const tick = harness.runnerAs("a")
    await tick()
    harness.advance(14_000)
    await tick()
    expect(harness.queue.entries()).toHaveLength(5)
  })

  test("leaves alone what failed after it was made, and what it has replayed already", async () => {
    const harness = await withDead(10)
    await harness.replay({ ...all, perSecond: 5 })
    const late = await harness.dead()
    harness.advance(1)
    const newer = await harness.dead()
    const tick = harness.runnerAs("a")
    for (let step = 0; step < 10; step += 1) {
      await tick()
      harness.advance(1_000)
      await harness.endRuns(() => false)
    }
    expect(runs(harness).filter((run) => run === 2)).toHaveLength(11)
    expect(harness.jobs.jobs.get(late.id)?.run).toBe(2)
    expect(harness.jobs.jobs.get(newer.id)?.run).toBe(1)
  })

  test("does not replay a job twice though a slow clock made it fail before the replay began", async () => {
    const harness = await withDead(3)
    const id = idOf(await harness.replay({ ...all, perSecond: 1 }))
    const tick = harness.runnerAs("a")
    for (let step = 0; step < 3; step += 1) {
      await tick()
      harness.advance(1_000)
    }
    for (const [jobId, job] of harness.jobs.jobs) {
      if (job.deadLetter && job.status === "queued") {
        const at = new Date("2026-01-01T00:00:00.500Z")
        const error = job.deadLetter.error
        harness.jobs.jobs.set(jobId, { ...job, status: "failed", finishedAt: at, error, deadLetter: { ...job.deadLetter, at } })
      }
    }
    for (let step = 0; step < 6; step += 1) {
      await tick()
      harness.advance(1_000)
    }
    expect(Math.max(...runs(harness))).toBe(2)
    expect((await found(harness, id))?.isRequeued).toBe(true)
  })

  test("goes on where it stopped when its process has gone, and repeats nothing", async () => {
    const harness = await withDead(20)
    const id = idOf(await harness.replay({ ...all, perSecond: 10 }))
    const killed = harness.runnerAs("a")
    await killed()
    harness.advance(500)
    await killed()
    expect(harness.queue.entries()).toHaveLength(5)
    const heir = harness.runnerAs("b")
    await heir()
    expect(harness.queue.entries()).toHaveLength(5)
    for (let step = 0; step < 6; step += 1) {
      harness.advance(15_000)
      await heir()
      await harness.endRuns()
    }
    expect(runs(harness)).toEqual(Array(20).fill(2))
    expect(await found(harness, id)).toMatchObject({ status: "completed", progress: { requeued: 20, succeeded: 20 } })
  })

  test("repeats a batch that was cut off in the middle, without starting anything twice", async () => {
    const harness = await withDead(10)
    await harness.replay({ ...all, perSecond: 10 })
    const { replay } = harness.jobs
    let calls = 0
    harness.jobs.replay = async (request) => {
      calls += 1
      if (calls === 6) throw new StorageUnavailableError({ message: "away" })
      return await replay(request)
    }
    const tick = harness.runnerAs("a")
    for (let step = 0; step < 5; step += 1) {
      await tick()
      harness.advance(1_000)
    }
    expect(harness.failures).toHaveLength(1)
    expect(runs(harness)).toEqual(Array(10).fill(2))
    // Those whose entries were lost with the batch are for the sweep.
    expect(await harness.jobs.findDueToEnqueue({ at: new Date(harness.clock().getTime() + 5_000), limit: 100 })).toHaveLength(10)
  })

  test("two that take each other for dead replay nothing twice", async () => {
    const harness = await withDead(30)
    const id = idOf(await harness.replay({ ...all, perSecond: 10 }))
    harness.leases.acquire = () => Promise.resolve(true)
    const [one, other] = [harness.runnerAs("a"), harness.runnerAs("b")]
    for (let step = 0; step < 8; step += 1) {
      await Promise.all([one(), other()])
      harness.advance(1_000)
      await harness.endRuns(() => false)
    }
    expect(runs(harness)).toEqual(Array(30).fill(2))
    expect(await found(harness, id)).toMatchObject({ status: "completed", progress: { requeued: 30, failed: 30 } })
  })

  test("passes over what cannot be replayed for good, and says so", async () => {
    const harness = await withDead(3)
    const id = idOf(await harness.replay({ ...all }))
    const { replay } = harness.jobs
    const [bad] = [...harness.jobs.jobs.keys()]
    harness.jobs.replay = async (request) => {
      if (request.id === bad) throw new Error("damaged")
      return await replay(request)
    }
    const tick = harness.runnerAs("a")
    for (let step = 0; step < 3; step += 1) {
      await tick()
      harness.advance(1_000)
    }
    expect(harness.failures).toEqual([new Error("damaged")])
    expect(await found(harness, id)).toMatchObject({ isRequeued: true, progress: { requeued: 2 } })
  })

  test("starts runs also while the queue is away", async () => {
    const harness = await withDead(2)
    await harness.replay({ ...all })
    harness.queue.enqueue = () => Promise.reject(new QueueUnavailableError({ message: "away" }))
    const tick = harness.runnerAs("a")
    await tick()
    harness.advance(1_000)
    await tick()
    expect(harness.failures).toEqual([])
    expect(runs(harness)).toEqual([2, 2])
  })

  test("stops when it is cancelled, and still counts what it had started", async () => {
    const harness = await withDead(20)
    const id = idOf(await harness.replay({ ...all, perSecond: 10 }))
    const tick = harness.runnerAs("a")
    await tick()
    harness.advance(1_000)
    await tick()
    await harness.replays.cancel({ tenantId: "default", id, at: harness.clock() })
    for (let step = 0; step < 3; step += 1) {
      harness.advance(1_000)
      await tick()
    }
    expect(runs(harness).filter((run) => run === 2)).toHaveLength(10)
    expect(await found(harness, id)).toMatchObject({ status: "cancelled", finishedAt: null })
    await harness.endRuns()
    harness.advance(1_000)
    await tick()
    expect(await found(harness, id)).toMatchObject({
      status: "cancelled",
      progress: { requeued: 10, succeeded: 10 },
      finishedAt: harness.clock(),
    })
  })

  test("one replay that fails holds up no other", async () => {
    const harness = await withDead(2)
    const broken = idOf(await harness.replay({ filter: { errorType: "invalid_input" } }))
    const good = idOf(await harness.replay({ ...all }))
    const { acquire } = harness.leases
    harness.leases.acquire = (request) => (request.name.endsWith(broken) ? Promise.reject(new Error("broken")) : acquire(request))
    const tick = harness.runnerAs("a")
    for (let step = 0; step < 3; step += 1) {
      await tick()
      harness.advance(1_000)
    }
    expect(await found(harness, good)).toMatchObject({ progress: { requeued: 2 } })
  })

  test("has deliveries made anew, and queues nothing for them", async () => {
    const letter = createLetter()
    const asked: object[] = []
    const redeliver = (request: object) => Promise.resolve(asked.push(request) > 0)
    const harness = createDeadLettersHarness({ redeliver })
    harness.deadLetters.list = () => Promise.resolve(asked.length === 0 ? [letter] : [])
    harness.deadLetters.summarise = () => Promise.resolve([{ key: "delivery_failed", count: 1 }])
    const id = idOf(await harness.replay({ ...all }))
    const tick = harness.runnerAs("a")
    await tick()
    harness.advance(1_000)
    await tick()
    expect(asked).toEqual([{ tenantId: "default", id: letter.id, replayId: id, by: "key_1", at: harness.clock() }])
    expect(harness.queue.entries()).toEqual([])
  })

  test("what it overrides is in the run, in its place in the queue, and in its deadline", async () => {
    const harness = createDeadLettersHarness()
    const job = await harness.dead()
    harness.advance(1_000)
    const overrides = { options: { priority: "bulk", expiresInMs: 5_000, cacheKey: null }, endpoint: "b" } as const
    expect((await harness.replay({ ...all, overrides })).kind).toBe("created")
    const tick = harness.runnerAs("a")
    await tick()
    harness.advance(1_000)
    await tick()
    const deadline = new Date(harness.clock().getTime() + 5_000)
    expect(harness.jobs.jobs.get(job.id)).toMatchObject({
      run: 2,
      deadline,
      options: { priority: "bulk", onlyEndpoint: "b", cacheKey: null, fallback: "provider" },
    })
    expect(harness.queue.entries()).toMatchObject([{ id: job.id, run: 2, priority: "bulk" }])
  })
})
