import { describe, expect, test } from "vitest"
import { driveAdmission } from "./driven-admission.ts"
import { sampleAdmit, sampleEndpoint, sampleSettle } from "./samples.ts"
import { mostStartsIn, simulateCallers } from "./simulate-callers.ts"

const success = () => ({ outcome: "success" as const, latencyMs: 20 })

describe("pace", () => {
  test("200 callers at 1,200 requests per minute use the allowance evenly, asking seldom", async () => {
    const endpoints = [sampleEndpoint({ requestsPerMinute: 1_200 })]
    const driven = await driveAdmission(endpoints)
    const { starts, admits } = await simulateCallers(driven, {
      callers: 200,
      seconds: 15,
      requestOf: () => ({ endpoints }),
      provider: success,
    })
    expect(starts.length / (20 * 15)).toBeGreaterThan(0.97)
    expect(starts.length / (20 * 15)).toBeLessThan(0.99)
    expect(mostStartsIn(1_000, starts)).toBeLessThanOrEqual(21)
    expect(admits / starts.length).toBeLessThan(3)
  })

  test("a large job among small ones gets its turn", async () => {
    const endpoints = [sampleEndpoint({ tokensPerMinute: 60_000 })]
    const driven = await driveAdmission(endpoints)
    const requestOf = (caller: number) => ({ endpoints, tokens: caller === 20 ? 8_000 : 500 })
    const { starts } = await simulateCallers(driven, { callers: 21, seconds: 40, requestOf, provider: success })
    expect(starts.find(({ caller }) => caller === 20)?.waitedMs).toBeLessThan(25_000)
    expect(new Set(starts.map(({ caller }) => caller)).size).toBe(21)
  })

  test("two endpoints of one group share one allowance, and a refused caller stands in one line once", async () => {
    const endpoints = ["a", "b"].map((name) => sampleEndpoint({ name, limitGroup: "shared", requestsPerMinute: 60 }))
    const { ask } = await driveAdmission(endpoints)
    const outcomes = await Promise.all(Array.from({ length: 6 }, () => ask()))
    expect(outcomes.map((outcome) => (outcome.kind === "refused" ? outcome.retryInMs : outcome.startInMs))).toEqual([
      0, 1_016, 2_031, 3_046, 4_061, 5_077,
    ])
    expect(outcomes.filter(({ kind }) => kind === "admitted").length).toBe(2)
  })

  test("a provider that reports a lower limit than configured is believed at once", async () => {
    const endpoints = [sampleEndpoint({ requestsPerMinute: 1_200 })]
    const driven = await driveAdmission(endpoints)
    const reported = { requests: { limit: 300, remaining: 200, resetMs: null }, tokens: null }
    const provider = () => ({ outcome: "success" as const, latencyMs: 20, reported })
    const { starts } = await simulateCallers(driven, { callers: 40, seconds: 20, requestOf: () => ({ endpoints }), provider })
    const later = starts.filter(({ atMs }) => atMs > driven.nowMs() - 10_000)
    expect(later.length).toBeGreaterThan(0.95 * 5 * 10)
    expect(later.length).toBeLessThanOrEqual(5 * 10)
    expect((await driven.state()).requestsPerMinute?.limit).toBe(300)
  })

  test("a provider that allows less than configured and says nothing of it is found out within a minute", async () => {
    const endpoints = [sampleEndpoint({ requestsPerMinute: 1_200 })]
    const driven = await driveAdmission(endpoints)
    const start = driven.nowMs()
    let level = 5
    let filledAt = start
    const provider = (atMs: number) => {
      level = Math.min(5, level + (atMs - filledAt) / 200)
      filledAt = atMs
      if (level < 1) return { outcome: "ignore" as const, throttled: true, latencyMs: 60 }
      level -= 1
      return { outcome: "success" as const, latencyMs: 500 }
    }
    const { starts } = await simulateCallers(driven, { callers: 50, seconds: 180, requestOf: () => ({ endpoints }), provider })
    const later = starts.filter(({ atMs }) => atMs > start + 60_000)
    expect(later.filter(({ throttled }) => throttled).length / later.length).toBeLessThan(0.02)
    expect(later.length).toBeGreaterThan(0.9 * 5 * 120)
    expect(driven.events.map(({ kind }) => kind)).toContain("rate_lowered")
  })
})

describe("breaker", () => {
  test("opens, drops what is old, lets two of ten probe, and closes", async () => {
    const { ask, call, settle, fail, pass, state } = await driveAdmission()
    const zombie = await call()
    await fail(3)
    expect(await ask()).toMatchObject({ kind: "refused", reason: "breaker_open", retryInMs: 15_000 })
    expect(await settle(zombie, { outcome: "failure" })).toMatchObject({ applied: true, healthy: false, breaker: "open" })
    pass(15_000)
    const requests = Array.from({ length: 10 }, () => sampleAdmit())
    const outcomes = await Promise.all(requests.map((request) => ask(request)))
    const probes = outcomes.flatMap((outcome, index) => {
      const request = requests[index]
      return outcome.kind === "admitted" && request ? [{ request, outcome }] : []
    })
    expect(probes.map(({ outcome }) => outcome.isProbe)).toEqual([true, true])
    for (const probe of probes) await settle(probe)
    expect(await state()).toMatchObject({ breaker: "closed", calls: 0 })
    expect(await ask()).toMatchObject({ kind: "admitted", isProbe: false })
  })

  test("in thin traffic opens on three failures", async () => {
    const { fail, state } = await driveAdmission()
    await fail(2)
    expect(await state()).toMatchObject({ breaker: "closed", failures: 2 })
    await fail(1)
    expect(await state()).toMatchObject({ breaker: "open", trips: 1 })
  })
})

describe("places", () => {
  test("ten of 200 who ask at once get in", async () => {
    const { ask, state } = await driveAdmission([sampleEndpoint({ concurrency: 10 })])
    const outcomes = await Promise.all(Array.from({ length: 200 }, () => ask()))
    expect(outcomes.filter(({ kind }) => kind === "admitted").length).toBe(10)
    const times = outcomes.flatMap((outcome) => (outcome.kind === "refused" ? [outcome.retryInMs] : []))
    expect(new Set(times).size).toBe(190)
    expect((await state()).inFlight).toBe(10)
  })

  test("of a killed worker come back when its leases expire", async () => {
    const { ask, call, pass } = await driveAdmission([sampleEndpoint({ concurrency: 1 })])
    await call({ leaseMs: 10_000 })
    pass(9_999)
    expect((await ask()).kind).toBe("refused")
    pass(1)
    expect((await ask()).kind).toBe("admitted")
  })

  test("reserved capacity is used first", async () => {
    const endpoints = [sampleEndpoint({ name: "a", concurrency: 5 }), sampleEndpoint({ name: "b", priority: 1 })]
    const { call } = await driveAdmission(endpoints)
    const chosen: string[] = []
    for (let calls = 0; calls < 8; calls += 1) chosen.push((await call()).outcome.endpoint)
    expect(chosen.join("")).toBe("aaaaabbb")
  })
})

test("a settlement counts once, and none of an unknown lease", async () => {
  const { admission, call, settle, state } = await driveAdmission([sampleEndpoint({ tokensPerMinute: 6_000 })])
  const one = await call()
  expect(await settle(one, { tokensUsed: 150 })).toMatchObject({ applied: true })
  const after = await state()
  expect(await settle(one, { tokensUsed: 150 })).toMatchObject({ applied: false })
  expect(await admission.settle(sampleSettle({ lease: "unheard of" }))).toMatchObject({ applied: false })
  expect(await state()).toEqual(after)
  expect(after.tokensPerMinute).toEqual({ limit: 6_000, used: 150 })
})
