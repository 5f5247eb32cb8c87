import { describe, expect, test } from "vitest"
import { createAdmissionModel } from "../admission/create-admission-model.ts"
import { sampleEndpoint } from "../testing/samples.ts"
import { type Answer, simulateCallers, tokenBucketProvider } from "../testing/simulate-callers.ts"
import { createVirtualTime, seededRandom, startOfTime } from "../testing/virtual-time.ts"
import { countWatched, growRate, type LearnedRate, learnFromRefusal, nothingLearned } from "./learned-rate.ts"

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
  test.each(scenarios)("$name: refusals fall to a few of 100 calls within a minute, and its allowance is used", (scenario) => {
    const { refused, used } = play(scenario)
    expect(refused).toBeLessThan(0.03)
    expect(used).toBeGreaterThan(0.85)
  })

  test("that keeps what it promises is never refused by", () => {
    const honest = { name: "", configured: 1_200, real: 1_200, burstMs: 1_000, latencyMs: 1_000, callers: 200 }
    const { refused, used } = play(honest)
    expect(refused).toBe(0)
    expect(used).toBeGreaterThan(0.98)
  })
})

interface Noise {
  /** Of the calls that are refused at any rate. */
  readonly share: number
  readonly callsPerSecond: number
  readonly latencyMs: number
  readonly seed: number
  /** Of the configured rate. */
  readonly kept: number
}

/** Ten minutes of a provider that refuses by chance: the mean of what was allowed, of what is configured. */
function playNoise({ share, callsPerSecond, latencyMs, seed }: Noise): number {
  const time = createVirtualTime()
  const random = seededRandom(seed)
  const admission = createAdmissionModel({ nowMs: time.nowMs, random })
  const configured = callsPerSecond * 60
  const endpoints = [sampleEndpoint({ requestsPerMinute: configured, breaker: null })]
  const provider = (): Answer =>
    random() < share
      ? { outcome: "ignore", throttled: true, latencyMs: 30 }
      : { outcome: "success", latencyMs: latencyMs * (0.5 + random()) }
  simulateCallers({ time, admission, endpoints, callers: Math.ceil((callsPerSecond * latencyMs * 1.5) / 1_000), provider })
  const seconds = 600
  const allowed = Array.from({ length: seconds }, () => {
    time.run(1_000)
    return admission.state(endpoints)[0]?.requestsPerMinute?.limit ?? 0
  })
  return allowed.reduce((sum, perMinute) => sum + perMinute, 0) / seconds / configured
}

const noises: readonly Noise[] = [0.01, 0.05, 0.1, 0.15].flatMap((share) => [
  { share, callsPerSecond: 2, latencyMs: 500, seed: 1, kept: 0.9 },
  { share, callsPerSecond: 2, latencyMs: 500, seed: 2, kept: 0.9 },
  { share, callsPerSecond: 10, latencyMs: 500, seed: 1, kept: 0.9 },
  { share, callsPerSecond: 50, latencyMs: 500, seed: 1, kept: share > 0.05 ? 0.7 : 0.9 },
])

describe("a provider that refuses by chance, whatever the rate", () => {
  test.each(noises)("$share of $callsPerSecond calls per second, seed $seed: the rate does not decay", (noise) => {
    expect(playNoise(noise)).toBeGreaterThan(noise.kept)
  })
})

const traffic = { starts: 40, refusals: 10, spanMs: 1_500, peakPerSecond: 20 }
const options = { allowedPerMinute: 1_200, traffic, startedAtMs: 11_900, promisedMs: 2_000, nowMs: 12_000 }

/** Calls, one each 50 ms, of which every so many-th is refused. */
function call(
  learned: LearnedRate,
  { calls, refusedEach, fromMs = 20_000 }: { readonly calls: number; readonly refusedEach: number; readonly fromMs?: number },
): LearnedRate {
  return Array.from({ length: calls }).reduce<LearnedRate>((before, _, index) => {
    const nowMs = fromMs + index * 50
    const counted = countWatched(before)
    if ((index + 1) % refusedEach === 0) return learnFromRefusal(counted, { ...options, promisedMs: 0, startedAtMs: nowMs, nowMs })
    return growRate(counted, { knownPerMinute: 1_182, traffic })
  }, learned)
}

const afterCut = call(nothingLearned, { calls: 40, refusedEach: 4 })

describe("the rate", () => {
  test("is not cut by fewer than eight refusals, nor by a share that is chance", () => {
    expect(call(nothingLearned, { calls: 28, refusedEach: 4 }).perMinute).toBeNull()
    expect(call(nothingLearned, { calls: 1_000, refusedEach: 60 }).perMinute).toBeNull()
    expect(afterCut.perMinute).toBeLessThan(1_182 * 0.8)
  })

  test("is given back when the cut changes nothing, and what is refused is not minded afterwards", () => {
    const judged = call(afterCut, { calls: 45, refusedEach: 4, fromMs: 30_000 })
    expect(judged).toMatchObject({ perMinute: null, cut: null, noise: { share: expect.closeTo(0.25, 1) } })
    expect(call(judged, { calls: 400, refusedEach: 6, fromMs: 40_000 }).perMinute).toBeNull()
    const later = { calls: 60, refusedEach: 6, fromMs: 40_000 + 600_000 }
    expect(call(judged, later).perMinute).not.toBeNull()
  })

  test("stays when the cut helps, and three more refusals cut it again", () => {
    const stands = call(afterCut, { calls: 200, refusedEach: 1_000, fromMs: 30_000 })
    const again = call(stands, { calls: 10, refusedEach: 2, fromMs: 50_000 })
    expect(again.cut?.roundEndsMs).toBeGreaterThan(50_000)
  })

  test("is cut once for a round of calls, deeper for each further refusal, to a quarter at most", () => {
    const once = learnFromRefusal({ ...nothingLearned, watched: { starts: 40, refusals: 9, sinceMs: 10_000 } }, options)
    const more = (times: number) =>
      Array.from({ length: times }).reduce<LearnedRate>((learned) => learnFromRefusal(learned, { ...options, startedAtMs: 13_000 }), once)
    expect(once.perMinute).toBeCloseTo(15 * 60 * 0.95)
    expect(more(35).perMinute).toBeLessThan(once.perMinute ?? 0)
    expect(more(500).perMinute).toBe(300)
  })

  test("is not cut again before a call has succeeded: what refuses everything says nothing about a rate", () => {
    const once = learnFromRefusal({ ...nothingLearned, watched: { starts: 40, refusals: 9, sinceMs: 10_000 } }, options)
    expect(learnFromRefusal(once, { ...options, startedAtMs: 20_000, nowMs: 20_060 })).toBe(once)
  })

  test("starts from what was really used", () => {
    const slow = { ...options, traffic: { ...traffic, starts: 3, peakPerSecond: 1 } }
    const watched = { starts: 9, refusals: 9, sinceMs: 10_000 }
    expect(learnFromRefusal({ ...nothingLearned, watched }, slow).perMinute).toBe(108)
  })

  test("does not grow while little of it is used, and is forgotten when it reaches the known limit", () => {
    expect(growRate(afterCut, { knownPerMinute: 1_182, traffic: { ...traffic, starts: 2 } }).perMinute).toBe(afterCut.perMinute)
    const almost = { ...afterCut, perMinute: 1_181.9 }
    expect(growRate(almost, { knownPerMinute: 1_182, traffic }).perMinute).toBeNull()
  })
})
