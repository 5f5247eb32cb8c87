import { type EndpointResource, type QueueState, QueueUnavailableError } from "@sluice/core"
import { createMemoryJobSignals } from "@sluice/core/testing"
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest"
import { createOperationsFeed } from "./operations-feed.ts"

const endpoint: EndpointResource = {
  name: "openai-eu",
  object: "endpoint",
  provider: "openai",
  model: "m",
  region: null,
  breaker: { state: "closed", forced: null, openUntil: null, trips: 0, history: [] },
  calls: { total: 0, failed: 0, slow: 0, successRate: null },
  latencyMs: null,
  inFlight: 0,
  concurrencyCap: null,
  requestsPerMinute: null,
  tokensPerMinute: null,
  pausedUntil: null,
  disabled: null,
}
const queue: QueueState = { route: "chat", waiting: 1, prioritized: 2, delayed: 3, active: 4, paused: false, oldestWaitingSince: null }

function setUp() {
  const world = { endpoints: [endpoint], looks: 0, isAway: false }
  const signals = createMemoryJobSignals()
  const feed = createOperationsFeed({
    operator: {
      endpoints: () => {
        world.looks += 1
        return world.isAway ? Promise.reject(new QueueUnavailableError({ message: "away" })) : Promise.resolve(world.endpoints)
      },
      routes: () => Promise.resolve([{ name: "chat", object: "route", kind: "chat", tiers: [], paused: null }]),
    },
    queues: { states: () => Promise.resolve([queue]) },
    routeNames: () => ["chat"],
    signals,
    clock: () => new Date(),
  })
  const reader = () => {
    const controller = new AbortController()
    const events = feed.follow(controller.signal)
    return { next: async () => (await events.next()).value, leave: () => controller.abort(), events }
  }
  return { world, signals, feed, reader }
}

describe("the feed of operations", () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  test("tells first how everything is, then what has changed and how many jobs have ended", async () => {
    const { world, signals, reader } = setUp()
    const { next } = reader()
    expect(await next()).toMatchObject({
      type: "operations.changed",
      endedJobs: 0,
      endpoints: [{ name: "openai-eu", breaker: "closed", changedAt: null, isDisabled: false }],
      routes: [{ name: "chat", isPaused: false }],
      queues: [{ name: "chat", inLine: 3, delayed: 3, active: 4, isPaused: false }],
    })
    const second = next()
    await vi.advanceTimersByTimeAsync(5_000)
    signals.announceFinished({ id: "job_1" })
    signals.announceFinished({ id: "job_2" })
    world.endpoints = [{ ...endpoint, breaker: { ...endpoint.breaker, state: "open" } }]
    await vi.advanceTimersByTimeAsync(1_000)
    expect(await second).toMatchObject({ endedJobs: 2, endpoints: [{ breaker: "open" }] })
    const third = next()
    signals.announceFinished({ id: "job_3" })
    await vi.advanceTimersByTimeAsync(1_000)
    expect(await third).toMatchObject({ endedJobs: 1 })
  })

  test("looks once for all readers, and not without any", async () => {
    const { world, reader } = setUp()
    const readers = [reader(), reader(), reader()]
    await Promise.all(readers.map(({ next }) => next()))
    const pending = readers.map(({ next }) => next())
    await vi.advanceTimersByTimeAsync(3_000)
    expect(world.looks).toBe(4)
    for (const { leave } of readers) leave()
    expect(await Promise.all(pending)).toEqual([undefined, undefined, undefined])
    await vi.advanceTimersByTimeAsync(10_000)
    expect(world.looks).toBe(4)
    expect(await reader().next()).toMatchObject({ endedJobs: 0 })
  })

  test("a reader who takes long gets the latest, with all that ended meanwhile", async () => {
    const { signals, reader } = setUp()
    const { next } = reader()
    await next()
    for (let index = 0; index < 4; index += 1) {
      signals.announceFinished({ id: `job_${index}` })
      await vi.advanceTimersByTimeAsync(1_000)
    }
    expect(await next()).toMatchObject({ endedJobs: 4 })
  })

  test("goes on after Redis was away, and ends with the process", async () => {
    const { world, feed, reader } = setUp()
    world.isAway = true
    const { next } = reader()
    const first = next()
    await vi.advanceTimersByTimeAsync(2_000)
    world.isAway = false
    await vi.advanceTimersByTimeAsync(1_000)
    expect(await first).toMatchObject({ type: "operations.changed" })
    const end = next()
    feed.close()
    expect(await end).toBeUndefined()
    expect(await reader().next()).toBeUndefined()
  })
})
