import { type Job, QueueUnavailableError } from "@sluice/core"
import {
  createMemoryJobQueue,
  createMemoryJobSignals,
  createMemoryJobStore,
  createMemoryLeaseStore,
  sampleJob,
  sampleSuccess,
} from "@sluice/core/testing"
import { describe, expect, test } from "vitest"
import { createSweep } from "./sweep.ts"

const t0 = new Date("2026-01-01T00:00:00.000Z")
const later = (ms: number) => new Date(t0.getTime() + ms)

function setUp(initial: readonly Job[]) {
  let now = t0
  const clock = () => now
  const store = createMemoryJobStore({ initial })
  const queue = createMemoryJobQueue()
  const signals = createMemoryJobSignals()
  const leases = createMemoryLeaseStore({ clock })
  const sweepAs = (holder: string) =>
    createSweep({ store, queue, signals, leases, catalog: () => ({ tenants: {} }), clock, holder, observer: { jobEnded() {} } })
  const find = (job: Job) => store.find({ tenantId: job.tenantId, id: job.id })
  return { store, queue, signals, sweepAs, find, advanceTo: (time: Date) => (now = time) }
}

describe("sweep", () => {
  test("enqueues what is due, once, and nothing else", async () => {
    const due = sampleJob({ enqueueDueAt: t0 })
    const { queue, sweepAs } = setUp([due, sampleJob({ enqueueDueAt: later(1) }), sampleJob()])
    const sweep = sweepAs("a")
    expect(await sweep()).toEqual({ led: true, enqueued: 1, expired: 0 })
    expect(queue.entries().map(({ id }) => id)).toEqual([due.id])
    expect(await sweep()).toEqual({ led: true, enqueued: 0, expired: 0 })
  })

  test("leaves what is due to the next look while the queue is away", async () => {
    const due = sampleJob({ enqueueDueAt: t0 })
    const { queue, sweepAs } = setUp([due])
    const { enqueue } = queue
    queue.enqueue = () => Promise.reject(new QueueUnavailableError({ message: "down" }))
    expect(await sweepAs("a")()).toMatchObject({ enqueued: 0 })
    queue.enqueue = enqueue
    expect(await sweepAs("a")()).toMatchObject({ enqueued: 1 })
  })

  test("expires what is past its deadline, tells who waits, and takes it out of the queue", async () => {
    const waiting = { reason: "breaker_open", endpoint: "a", since: t0, until: null, refusals: 0 } as const
    const overdue = sampleJob({ deadline: later(600_000), waiting, enqueueDueAt: t0 })
    const { queue, signals, sweepAs, find, advanceTo } = setUp([overdue, sampleJob({ deadline: later(700_000) })])
    const heard: string[] = []
    signals.onFinished(({ id }) => heard.push(id))
    const sweep = sweepAs("a")
    await sweep()
    expect(queue.entries()).toHaveLength(1)
    advanceTo(later(600_000))
    expect(await sweep()).toMatchObject({ expired: 1 })
    expect(await find(overdue)).toMatchObject({
      status: "expired",
      error: { type: "deadline_exceeded", message: "Waited 600 s: a breaker_open.", endpoint: "a" },
      events: [{ type: "job.expired" }],
    })
    expect(queue.entries()).toHaveLength(0)
    expect(heard).toEqual([overdue.id])
  })

  test("leaves a running job to its execution for a while, and a finished one alone", async () => {
    const running = sampleJob({ deadline: later(1_000) })
    const { store, sweepAs, advanceTo, find } = setUp([running])
    await store.claim({ id: running.id, run: 1, claim: { token: "t", workerId: "w", at: t0 } })
    advanceTo(later(2_000))
    expect(await sweepAs("a")()).toMatchObject({ expired: 0 })
    await store.finish({ id: running.id, run: 1, token: "t", ending: sampleSuccess() })
    advanceTo(later(60_000))
    expect(await sweepAs("a")()).toMatchObject({ expired: 0 })
    expect(await find(running)).toMatchObject({ status: "succeeded" })
  })

  test("ends a running job whose execution has not", async () => {
    const running = sampleJob({ deadline: later(1_000) })
    const { store, sweepAs, advanceTo } = setUp([running])
    await store.claim({ id: running.id, run: 1, claim: { token: "t", workerId: "w", at: t0 } })
    advanceTo(later(6_000))
    expect(await sweepAs("a")()).toMatchObject({ expired: 1 })
  })

  test("is done by one process at a time", async () => {
    const { sweepAs, advanceTo } = setUp([])
    expect(await sweepAs("a")()).toMatchObject({ led: true })
    expect(await sweepAs("b")()).toMatchObject({ led: false })
    advanceTo(later(15_000))
    expect(await sweepAs("b")()).toMatchObject({ led: true })
  })
})
