import { describe, expect, test } from "vitest"
import { createAdmissionModel } from "../admission/create-admission-model.ts"
import { sampleEndpoint } from "../testing/samples.ts"
import { simulateCallers, tokenBucketProvider } from "../testing/simulate-callers.ts"
import { createVirtualTime, seededRandom, startOfTime } from "../testing/virtual-time.ts"
import { cutRate, growRate, nothingLearned } from "./learned-rate.ts"

interface Scenario {
  readonly name: string
  readonly configured: number | null
  readonly real: number
  readonly burstMs: number
  readonly latencyMs: number
  readonly callers: number
  readonly retryAfterMs?: number
}

const scenarios: readonly Scenario[] = [
  { name: "a quarter of what is configured", configured: 1_200, real: 300, burstMs: 1_000, latencyMs: 1_000, callers: 100 },
  { name: "a quarter, with a minute's burst", configured: 1_200, real: 300, burstMs: 60_000, latencyMs: 1_000, callers: 100 },
  { name: "a quarter, with calls of ten seconds", configured: 1_200, real: 300, burstMs: 1_000, latencyMs: 10_000, callers: 300 },
  { name: "a tenth, and many calls", configured: 6_000, real: 600, burstMs: 1_000, latencyMs: 1_000, callers: 300 },
  { name: "half, and many calls", configured: 6_000, real: 3_000, burstMs: 1_000, latencyMs: 1_000, callers: 300 },
  { name: "slightly less, and few calls", configured: 60, real: 50, burstMs: 2_000, latencyMs: 1_000, callers: 20 },
  { name: "nothing configured", configured: null, real: 300, burstMs: 1_000, latencyMs: 1_000, callers: 100 },
  { name: "long waits demanded", configured: null, real: 300, burstMs: 1_000, latencyMs: 1_000, callers: 100, retryAfterMs: 5_000 },
]

/** Shares of the calls after the first minute, and of what the provider would have allowed in that time. */
function play({ configured, real, burstMs, latencyMs, callers, retryAfterMs }: Scenario) {
  const time = createVirtualTime()
  const random = seededRandom(7)
  const admission = createAdmissionModel({ nowMs: time.nowMs, random })
  const provider = tokenBucketProvider({
    perMinute: real,
    burstMs,
    latencyMs: () => latencyMs * (0.5 + random()),
    retryAfterMs: retryAfterMs ?? null,
  })
  const endpoints = [sampleEndpoint({ requestsPerMinute: configured, breaker: null })]
  const { starts } = simulateCallers({ time, admission, endpoints, callers, provider, restMs: ({ throttled }) => (throttled ? 200 : 0) })
  const minutes = 6
  time.run(minutes * 60_000)
  const later = starts.filter(({ atMs }) => atMs >= startOfTime + 60_000)
  const refused = later.filter(({ answer }) => answer.throttled)
  return { refused: refused.length / later.length, used: (later.length - refused.length) / (real * (minutes - 1)) }
}

describe("a provider that allows less than it says", () => {
  test.each(scenarios)("$name: refusals fall below 2 % of the calls within a minute, and its allowance is used", (scenario) => {
    const { refused, used } = play(scenario)
    expect(refused).toBeLessThan(0.02)
    expect(used).toBeGreaterThan(0.9)
  })

  test("that keeps what it promises is never refused by", () => {
    const honest = { name: "", configured: 1_200, real: 1_200, burstMs: 1_000, latencyMs: 1_000, callers: 200 }
    const { refused, used } = play(honest)
    expect(refused).toBe(0)
    expect(used).toBeGreaterThan(0.98)
  })
})

const traffic = { starts: 40, refusals: 2, spanMs: 1_500, peakPerSecond: 20 }
const cut = { allowedPerMinute: 1_200, traffic, startedAtMs: 9_900, promisedMs: 2_000, nowMs: 10_000 }

describe("the rate", () => {
  test("is cut once for a round of calls, and deeper for each further refusal of the round", () => {
    const once = cutRate(nothingLearned, cut)
    expect(once.perMinute).toBe(1_080)
    const twice = cutRate(once, { ...cut, startedAtMs: 11_000, nowMs: 11_060 })
    expect(twice.roundRefusals).toBe(3)
    const often = Array.from({ length: 60 }).reduce<typeof once>((learned) => cutRate(learned, { ...cut, startedAtMs: 11_000 }), twice)
    expect(often.perMinute).toBeCloseTo(1_200 * (1 - 63 / often.roundStarts))
    const all = Array.from({ length: 500 }).reduce<typeof once>((learned) => cutRate(learned, { ...cut, startedAtMs: 11_000 }), twice)
    expect(all.perMinute).toBe(300)
  })

  test("is not cut again before a call has succeeded: what refuses everything says nothing about a rate", () => {
    const once = cutRate(nothingLearned, cut)
    const later = { ...cut, startedAtMs: 20_000, nowMs: 20_060 }
    expect(cutRate(once, later)).toBe(once)
    const grown = growRate(once, { knownPerMinute: 1_182, traffic })
    expect(cutRate(grown, { ...later, allowedPerMinute: grown.perMinute }).perMinute).toBeLessThan(1_080)
  })

  test("starts from what was really used", () => {
    expect(cutRate(nothingLearned, { ...cut, traffic: { ...traffic, starts: 3, peakPerSecond: 1 } }).perMinute).toBe(108)
    expect(cutRate(nothingLearned, { ...cut, allowedPerMinute: null }).perMinute).toBe(21 * 60 * 0.9)
  })

  test("does not grow while little of it is used, and is forgotten when it reaches the known limit", () => {
    const learned = cutRate(nothingLearned, cut)
    expect(growRate(learned, { knownPerMinute: 1_182, traffic: { ...traffic, starts: 2 } }).perMinute).toBe(learned.perMinute)
    const almost = { ...learned, perMinute: 1_181.9 }
    expect(growRate(almost, { knownPerMinute: 1_182, traffic }).perMinute).toBeNull()
  })
})
