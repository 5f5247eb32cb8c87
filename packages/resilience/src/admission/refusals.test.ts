import { describe, expect, test } from "vitest"
import { driveModel } from "../testing/driven-model.ts"
import { sampleAdmit, sampleEndpoint } from "../testing/samples.ts"
import type { ModelAdmitOutcome } from "./types.ts"

function retryTimes(outcomes: readonly ModelAdmitOutcome[]): readonly number[] {
  return outcomes.flatMap((outcome) => (outcome.kind === "refused" ? [outcome.retryInMs] : []))
}

const ways = [
  { name: "an allowance", endpoint: sampleEndpoint({ requestsPerMinute: 1_200 }) },
  { name: "an allowance of many", endpoint: sampleEndpoint({ requestsPerMinute: 600_000 }) },
  { name: "a place", endpoint: sampleEndpoint({ concurrency: 3 }) },
  { name: "a broken endpoint", endpoint: sampleEndpoint() },
  { name: "a credential", endpoint: sampleEndpoint() },
  { name: "a paused route", endpoint: sampleEndpoint() },
  { name: "the retry budget", endpoint: sampleEndpoint() },
]

describe("of those who wait for", () => {
  test.each(ways)("$name no two are told the same time", ({ name, endpoint }) => {
    const model = driveModel([endpoint])
    if (name === "a broken endpoint") model.fail(3)
    if (name === "a credential") model.settle(model.call(), { outcome: "ignore", disable: "credential" })
    if (name === "a paused route") model.admission.pauseRoute({ route: "chat", paused: true, by: "Ada" })
    const isRetry = name === "the retry budget"
    const most = name === "an allowance of many" ? 20_100 : 500
    const times = retryTimes(Array.from({ length: most }, () => model.ask({ isRetry, maxWaitMs: 0 })))
    expect(times.length).toBeGreaterThan(90)
    expect(new Set(times).size).toBe(times.length)
    expect(Math.min(...times)).toBeGreaterThan(0)
  })
})

test("two endpoints of one allowance put a refused caller into one line, once", () => {
  const one = driveModel([sampleEndpoint({ limitGroup: "shared", requestsPerMinute: 60 })])
  const two = driveModel(["a", "b"].map((name) => sampleEndpoint({ name, limitGroup: "shared", requestsPerMinute: 60 })))
  const told = ({ ask }: typeof one) => Array.from({ length: 8 }, () => ask())
  expect(retryTimes(told(two))).toEqual(retryTimes(told(one)))
  expect(retryTimes(told(one))).not.toEqual([])
})

describe("the reason is that of the endpoint that is expected to be free first", () => {
  test("and its name goes with it", () => {
    const endpoints = [sampleEndpoint({ name: "broken" }), sampleEndpoint({ name: "slow", requestsPerMinute: 12 })]
    const model = driveModel(endpoints)
    model.fail(3, { endpoints: endpoints.slice(0, 1) })
    expect(model.ask()).toMatchObject({ kind: "admitted", endpoint: "slow" })
    expect(model.ask()).toMatchObject({ kind: "refused", reason: "rate_limited", endpoint: "slow" })
    for (let others = 0; others < 5; others += 1) model.ask()
    expect(model.ask()).toMatchObject({ kind: "refused", reason: "breaker_open", endpoint: "broken" })
  })
})

describe("unavailable since", () => {
  const endpoints = [sampleEndpoint({ name: "a" }), sampleEndpoint({ name: "b" })]

  test("is when the last endpoint of the pool broke, and lasts through probes", () => {
    const model = driveModel(endpoints)
    const [a, b] = endpoints.map((endpoint) => [endpoint])
    model.fail(3, { endpoints: a ?? [] })
    model.time.run(2_000)
    expect(model.ask({ maxWaitMs: 0 })).toMatchObject({ kind: "admitted", endpoint: "b" })
    model.fail(3, { endpoints: b ?? [] })
    const sinceMs = model.time.nowMs()
    model.time.run(5_000)
    expect(model.ask()).toMatchObject({ kind: "refused", reason: "breaker_open", unavailableSinceMs: sinceMs })
    model.time.run(15_000)
    model.fail(1, { endpoints: a ?? [] })
    model.fail(1, { endpoints: b ?? [] })
    expect(model.ask()).toMatchObject({ kind: "refused", unavailableSinceMs: sinceMs })
  })

  test("counts a credential and an operator's word, not saturation", () => {
    const model = driveModel([sampleEndpoint({ concurrency: 1 })])
    const running = model.call()
    expect(model.ask()).toMatchObject({ reason: "concurrency", unavailableSinceMs: null })
    model.settle(running, { outcome: "ignore", disable: "quota" })
    expect(model.ask()).toMatchObject({ reason: "quota", unavailableSinceMs: model.time.nowMs() })

    const forced = driveModel()
    forced.admission.force({ endpoint: "a", state: "open", by: "Ada" })
    expect(forced.ask()).toMatchObject({ reason: "breaker_open", unavailableSinceMs: forced.time.nowMs() })
  })
})

describe("a route's retry budget", () => {
  test("delays repeated calls, and lets them in as others end", () => {
    const model = driveModel()
    const retries = Array.from({ length: 3 }, () => model.call({ isRetry: true }))
    expect(model.ask({ isRetry: true })).toMatchObject({ kind: "refused", reason: "retry_backoff", endpoint: null })
    expect(model.ask().kind).toBe("admitted")
    for (const retry of retries) model.settle(retry)
    expect(model.ask({ isRetry: true }).kind).toBe("admitted")
  })

  test("is a fifth of the route's other calls", () => {
    const model = driveModel()
    for (let calls = 0; calls < 50; calls += 1) model.call()
    const asked = Array.from({ length: 30 }, () => model.ask({ isRetry: true }))
    expect(asked.filter(({ kind }) => kind === "admitted").length).toBe(10)
    expect(model.ask({ isRetry: true, route: "other" }).kind).toBe("admitted")
  })
})

test("a paused route lets nobody in until it is resumed", () => {
  const { admission, ask } = driveModel()
  admission.pauseRoute({ route: "chat", paused: true, by: "Ada" })
  expect(ask()).toMatchObject({ kind: "refused", reason: "route_paused", endpoint: null, unavailableSinceMs: null })
  expect(ask({ route: "other" }).kind).toBe("admitted")
  expect(admission.pausedRoutes().get("chat")?.by).toBe("Ada")
  admission.pauseRoute({ route: "chat", paused: false, by: "Ada" })
  expect(ask().kind).toBe("admitted")
  expect(admission.pausedRoutes().size).toBe(0)
})

test("a pool without endpoints is a defect", () => {
  expect(() => driveModel().admission.admit(sampleAdmit({ endpoints: [] }))).toThrow(TypeError)
})
