import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { driveModel } from "../testing/driven-model.ts"
import { sampleEndpoint } from "../testing/samples.ts"
import { mostStartsIn, type SimulateOptions, simulateCallers } from "../testing/simulate-callers.ts"
import { createVirtualTime, seededRandom, startOfTime } from "../testing/virtual-time.ts"
import { createAdmissionModel } from "./create-admission-model.ts"

function simulate(
  seconds: number,
  options: Omit<SimulateOptions, "time" | "admission" | "provider"> & { readonly latencyMs?: number; readonly seed?: number },
) {
  const time = createVirtualTime()
  const admission = createAdmissionModel({ nowMs: time.nowMs, random: seededRandom(options.seed ?? 1) })
  const provider = () => ({ outcome: "success" as const, latencyMs: options.latencyMs ?? 10 })
  const simulation = simulateCallers({ ...options, time, admission, provider })
  time.run(seconds * 1_000)
  return simulation
}

describe("200 callers at 1,200 requests per minute", () => {
  const { starts, admits } = simulate(30, { callers: 200, endpoints: [sampleEndpoint({ requestsPerMinute: 1_200 })] })

  test("use all of what may be used", () => {
    expect(starts.length / (20 * 30)).toBeGreaterThan(0.97)
    expect(starts.length / (20 * 30)).toBeLessThan(0.99)
  })

  test("start evenly", () => {
    expect(mostStartsIn(1_000, starts)).toBeLessThanOrEqual(21)
  })

  test("ask seldom, and each gets its turn", () => {
    expect(admits() / starts.length).toBeLessThan(2.5)
    expect(new Set(starts.map(({ caller }) => caller)).size).toBe(200)
  })
})

test("in no window there are more starts than the limit, one burst and one call", () => {
  const priorities = ["interactive", "standard", "bulk"] as const
  fc.assert(
    fc.property(
      fc.record({
        perMinute: fc.constantFrom(30, 300, 3_000),
        callers: fc.integer({ min: 1, max: 60 }),
        latencyMs: fc.constantFrom(0, 40, 900),
        seed: fc.nat(1_000),
      }),
      ({ perMinute, callers, latencyMs, seed }) => {
        const random = seededRandom(seed)
        const { starts } = simulate(20, {
          callers,
          latencyMs,
          seed,
          endpoints: ["a", "b"].map((name) => sampleEndpoint({ name, limitGroup: "shared", requestsPerMinute: perMinute })),
          requestOf: (caller) => ({ priority: priorities[caller % 3] ?? "standard", maxWaitMs: caller % 2 === 0 ? 2_000 : 0 }),
          restMs: () => random() * 500,
        })
        const perMs = (perMinute * 0.985) / 60_000
        for (const windowMs of [1, 100, 1_000, 10_000]) {
          // Starts are at whole milliseconds, rounded up.
          expect(mostStartsIn(windowMs, starts)).toBeLessThanOrEqual(perMs * (windowMs + 1 + 1_000) + 1)
        }
      },
    ),
    { numRuns: 40 },
  )
})

describe("nobody starves", () => {
  test("a large job among small ones starts soon", () => {
    const { starts } = simulate(60, {
      callers: 41,
      endpoints: [sampleEndpoint({ tokensPerMinute: 60_000 })],
      requestOf: (caller) => ({ tokens: caller === 40 ? 8_000 : 500 }),
    })
    const large = starts.filter(({ caller }) => caller === 40)
    expect(large.length).toBeGreaterThan(0)
    expect(large.at(0)?.waitedMs).toBeLessThan(40_000)
  })

  test("bulk callers are served in turn while standard ones ask without end", () => {
    const { starts } = simulate(120, {
      callers: 60,
      endpoints: [sampleEndpoint({ requestsPerMinute: 600 })],
      requestOf: (caller) => ({ priority: caller < 10 ? "bulk" : "standard" }),
    })
    for (let caller = 0; caller < 10; caller += 1) expect(starts.filter((start) => start.caller === caller).length).toBeGreaterThan(3)
    expect(Math.max(...starts.map(({ waitedMs }) => waitedMs))).toBeLessThan(60_000)
  })

  test("whoever waits for a place gets one, however many others come", () => {
    const { starts } = simulate(120, { callers: 50, latencyMs: 1_000, endpoints: [sampleEndpoint({ concurrency: 2 })] })
    const waits = Array.from({ length: 50 }, (_, caller) => starts.filter((start) => start.caller === caller).length)
    expect(Math.min(...waits)).toBeGreaterThanOrEqual(2)
    expect(starts.length).toBeGreaterThan(0.9 * 2 * 120)
    expect(mostStartsIn(1_000, starts)).toBeLessThanOrEqual(2)
  })
})

test("bulk callers leave room for the others, who start early", () => {
  const { starts } = simulate(60, {
    callers: 101,
    endpoints: [sampleEndpoint({ requestsPerMinute: 600 })],
    requestOf: (caller) => ({ priority: caller === 100 ? "interactive" : "bulk" }),
    restMs: () => 200,
  })
  const waitOf = (urgent: boolean) => {
    const waits = starts
      .filter(({ caller, atMs }) => (caller === 100) === urgent && atMs > startOfTime + 10_000)
      .map(({ waitedMs }) => waitedMs)
    return waits.reduce((sum, ms) => sum + ms, 0) / waits.length
  }
  expect(waitOf(true)).toBeLessThan(waitOf(false) / 2)
})

describe("a booking", () => {
  const endpoint = sampleEndpoint({ requestsPerMinute: 60 })

  /** Books after ten others, who came at the same time. */
  function bookLast() {
    const model = driveModel([endpoint])
    for (let others = 0; others < 10; others += 1) model.ask({ refusals: 3 })
    const lease = "large"
    const booked = model.ask({ lease, refusals: 3 })
    if (booked.kind !== "booked") throw new Error(`Not booked: ${booked.kind}`)
    return { ...model, lease, startInMs: booked.startInMs }
  }

  test("is given after three refusals, whatever the wait", () => {
    const model = driveModel([endpoint])
    for (let others = 0; others < 10; others += 1) model.ask({ refusals: 3 })
    expect(model.ask({ refusals: 2 }).kind).toBe("refused")
    expect(model.ask({ refusals: 3 })).toMatchObject({ kind: "booked", endpoint: "a", startInMs: 10_153 })
  })

  test("is kept: who comes back starts then, though others came in between", () => {
    const { time, ask, lease, startInMs } = bookLast()
    time.run(startInMs)
    ask()
    expect(ask({ lease })).toMatchObject({ kind: "admitted", startInMs: 0 })
  })

  test("says the remaining time to one who comes early", () => {
    const { time, ask, lease, startInMs } = bookLast()
    time.run(startInMs - 5_000)
    expect(ask({ lease })).toEqual({ kind: "booked", endpoint: "a", startInMs: 5_000 })
    time.run(4_000)
    expect(ask({ lease })).toMatchObject({ kind: "admitted", startInMs: 1_000 })
  })

  test("moves with a pause of its group", () => {
    const { time, admission, ask, call, settle, lease, startInMs } = bookLast()
    time.run(startInMs - 6_000)
    const other = driveModel([endpoint])
    expect(other.state().pausedUntil).toBeNull()
    admission.release({ lease: "nobody", route: "chat", endpoint, tokensReserved: 0 })
    const spare = sampleEndpoint({ name: "spare", limitGroup: endpoint.limitGroup })
    settle(call({ endpoints: [spare], refusals: 0, maxWaitMs: 60_000 }), {
      outcome: "ignore",
      throttled: true,
      retryAfterMs: 20_000,
      reported: { requests: { limit: null, remaining: 0, resetMs: null }, tokens: null },
    })
    expect(ask({ lease })).toEqual({ kind: "booked", endpoint: "a", startInMs: 26_000 })
  })

  test("that many come late for is honoured, but not in one burst", () => {
    const model = driveModel([sampleEndpoint({ requestsPerMinute: 600 })])
    const leases = Array.from({ length: 100 }, (_, index) => `late-${index}`)
    for (let others = 0; others < 25; others += 1) model.ask()
    for (const lease of leases) expect(model.ask({ lease, refusals: 3 }).kind).toBe("booked")
    model.time.run(20_000)
    const outcomes = leases.map((lease) => model.ask({ lease, refusals: 3 }))
    const started = outcomes.filter(({ kind }) => kind === "admitted").length
    expect(started).toBeGreaterThanOrEqual(19)
    expect(started).toBeLessThanOrEqual(31)
    const times = outcomes.flatMap((outcome) => (outcome.kind === "refused" ? [outcome.retryInMs] : []))
    expect(new Set(times).size).toBe(times.length)
    expect(outcomes.every(({ kind }) => kind !== "booked")).toBe(true)
  })
})
