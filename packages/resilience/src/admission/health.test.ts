import { describe, expect, test } from "vitest"
import { driveModel } from "../testing/driven-model.ts"
import { rules, sampleEndpoint } from "../testing/samples.ts"
import { simulateCallers } from "../testing/simulate-callers.ts"
import { createVirtualTime, seededRandom, startOfTime } from "../testing/virtual-time.ts"
import { createAdmissionModel } from "./create-admission-model.ts"

describe("a broken endpoint", () => {
  test("is left alone, then probed by as many calls as the rules say, and comes back", () => {
    const { time, ask, call, settle, fail, state } = driveModel()
    expect(fail(3)).toEqual({ applied: true, healthy: false, breaker: "open", changed: true })
    expect(ask()).toMatchObject({ kind: "refused", reason: "breaker_open", retryInMs: 15_000 })
    time.run(15_000)
    const probes = Array.from({ length: 3 }, () => call())
    expect(probes.every(({ outcome }) => outcome.isProbe)).toBe(true)
    expect(ask()).toMatchObject({ kind: "refused", reason: "breaker_open" })
    expect(probes.map((probe) => settle(probe)).map(({ breaker, changed }) => [breaker, changed])).toEqual([
      ["half_open", false],
      ["half_open", false],
      ["closed", true],
    ])
    expect(call().outcome.isProbe).toBe(false)
    expect(state().history.map((entry) => [entry.state, entry.decidedOn])).toEqual([
      ["closed", { calls: 3, failures: 0, slow: 0 }],
      ["half_open", null],
      ["open", { calls: 3, failures: 3, slow: 0 }],
    ])
  })

  test("takes no notice of calls from before its state changed", () => {
    const { time, ask, call, settle, fail } = driveModel()
    const zombies = Array.from({ length: 4 }, () => call())
    const [early, late, probing, closed] = zombies
    if (!(early && late && probing && closed)) throw new Error("four calls")
    fail(3)
    expect(settle(early, { outcome: "success" })).toMatchObject({ applied: true, healthy: false, breaker: "open", changed: false })
    time.run(15_000)
    const probes = Array.from({ length: 3 }, () => call())
    expect(settle(probing, { outcome: "failure" })).toMatchObject({ breaker: "half_open", changed: false })
    for (const probe of probes) settle(probe)
    for (const zombie of [late, closed]) expect(settle(zombie, { outcome: "failure" })).toMatchObject({ healthy: false, breaker: "closed" })
    expect(ask().kind).toBe("admitted")
  })

  test("is probed by others when a probe's worker was killed, or its call was aborted", () => {
    const { time, ask, call, settle, fail } = driveModel()
    fail(3)
    time.run(15_000)
    const [aborted] = [call({ leaseMs: 30_000 }), call({ leaseMs: 30_000 }), call({ leaseMs: 30_000 })]
    expect(ask().kind).toBe("refused")
    settle(aborted, { outcome: "ignore" })
    expect(call().outcome.isProbe).toBe(true)
    expect(ask().kind).toBe("refused")
    time.run(30_000)
    expect([call(), call()].every(({ outcome }) => outcome.isProbe)).toBe(true)
    expect(ask().kind).toBe("refused")
  })

  test("charges nobody: a failure is the job's own only where others do well", () => {
    const { call, settle, fail } = driveModel()
    expect(settle(call(), { outcome: "failure" })).toMatchObject({ healthy: true })
    expect(settle(call(), { outcome: "failure" })).toMatchObject({ healthy: false })
    for (let good = 0; good < 10; good += 1) settle(call())
    expect(fail(1)).toMatchObject({ healthy: true })
  })

  test("charges nobody from its third failure without a success on, however good it was before", () => {
    const { call, settle } = driveModel()
    for (let good = 0; good < 100; good += 1) settle(call())
    const charged = Array.from({ length: 4 }, () => settle(call(), { outcome: "failure" }).healthy)
    expect(charged).toEqual([true, true, false, false])
    settle(call())
    expect(settle(call(), { outcome: "failure" })).toMatchObject({ healthy: true, breaker: "closed" })
  })
})

describe("a pool", () => {
  const endpoints = ["a", "b"].map((name) => sampleEndpoint({ name, breaker: { ...rules, openMs: 10_000 } }))

  /** Plays callers against providers that fail with these probabilities from the tenth second on. */
  function outage(failureShare: Readonly<Record<string, number>>, seconds = 120) {
    const time = createVirtualTime()
    const random = seededRandom(11)
    const admission = createAdmissionModel({ nowMs: time.nowMs, random })
    const provider = (name: string, atMs: number) => {
      const fails = atMs > startOfTime + 10_000 && random() < (failureShare[name] ?? 0)
      return { outcome: fails ? ("failure" as const) : ("success" as const), latencyMs: fails ? 50 : 200 }
    }
    const { starts } = simulateCallers({ time, admission, endpoints, callers: 20, provider, restMs: () => 100 })
    time.run(seconds * 1_000)
    const after = (fromMs: number) => starts.filter(({ atMs }) => atMs >= startOfTime + fromMs)
    return { after, states: admission.state(endpoints) }
  }

  test("loses a dead endpoint and goes on with the other", () => {
    const { after } = outage({ a: 1 })
    const calls = after(20_000)
    expect(calls.filter(({ endpoint }) => endpoint === "a").length).toBeLessThan(100)
    expect(calls.filter(({ endpoint }) => endpoint === "b").length).toBeGreaterThan(5_000)
  })

  test("keeps the endpoint that fails less in use when both are troubled", () => {
    const { after, states } = outage({ a: 0.9, b: 0.6 })
    const calls = after(30_000)
    expect(states.find(({ name }) => name === "b")?.breaker).toBe("closed")
    expect(calls.filter(({ answer }) => answer.outcome === "success").length / calls.length).toBeGreaterThan(0.35)
  })

  test("stops calling when both are dead, but for probes", () => {
    const { after, states } = outage({ a: 1, b: 1 })
    expect(states.map(({ breaker }) => breaker)).not.toContain("closed")
    expect(after(40_000).length).toBeLessThan(60)
  })

  test("of one loses its only endpoint by its rates alone", () => {
    const model = driveModel()
    for (let good = 0; good < 10; good += 1) model.settle(model.call())
    model.fail(10)
    expect(model.state().breaker).toBe("open")
  })
})

describe("a credential that is rejected", () => {
  const endpoints = ["a", "b"].map((name) => sampleEndpoint({ name, credential: "shared" }))

  test("takes all its endpoints out of service, and is tried by one call", () => {
    const { time, ask, call, settle, state } = driveModel(endpoints)
    settle(call(), { outcome: "ignore", disable: "credential" })
    expect(ask()).toMatchObject({ kind: "refused", reason: "credential", retryInMs: 30_000 })
    expect(state("b").disabled).toMatchObject({ reason: "credential" })
    time.run(30_000)
    const probe = call()
    expect(probe.outcome.isProbe).toBe(true)
    expect(ask()).toMatchObject({ kind: "refused", reason: "credential" })
    settle(probe, { outcome: "ignore", disable: "quota" })
    expect(ask()).toMatchObject({ kind: "refused", reason: "quota", retryInMs: 60_000 })
    time.run(60_000)
    settle(call())
    expect(state("a").disabled).toBeNull()
    expect(ask()).toMatchObject({ kind: "admitted", isProbe: false })
  })

  test("is tried by another call when the first was given back, failed otherwise, or lost its worker", () => {
    const { time, admission, ask, call, settle } = driveModel(endpoints)
    settle(call(), { outcome: "ignore", disable: "credential" })
    time.run(30_000)
    const first = call({ leaseMs: 20_000 })
    const endpoint = endpoints.find(({ name }) => name === first.outcome.endpoint)
    if (endpoint === undefined) throw new Error("no endpoint")
    admission.release({ lease: first.request.lease, route: "chat", endpoint, tokensReserved: 0 })
    settle(call(), { outcome: "failure" })
    expect(call({ leaseMs: 20_000 }).outcome.isProbe).toBe(true)
    expect(ask().kind).toBe("refused")
    time.run(20_000)
    expect(call().outcome.isProbe).toBe(true)
  })
})

describe("an operator's word", () => {
  test("holds an endpoint open whatever its calls say, until it is given back to be probed", () => {
    const { time, admission, ask, call, settle, state } = driveModel()
    const running = call()
    admission.force({ endpoint: "a", state: "open", by: "Ada" })
    expect(settle(running)).toMatchObject({ breaker: "open", changed: false })
    time.run(3_600_000)
    expect(ask()).toMatchObject({ kind: "refused", reason: "breaker_open" })
    admission.force({ endpoint: "a", state: "auto", by: "Grace" })
    expect(call().outcome.isProbe).toBe(true)
    expect(state().history.map(({ state: shown, by }) => [shown, by])).toEqual([
      ["half_open", null],
      ["open", "Grace"],
      ["open", "Ada"],
    ])
  })

  test("holds one closed whatever its calls say", () => {
    const { admission, ask, fail, state } = driveModel()
    admission.force({ endpoint: "a", state: "closed", by: "Ada" })
    fail(50)
    expect(ask()).toMatchObject({ kind: "admitted", isProbe: false })
    expect(state()).toMatchObject({ breaker: "closed", forced: "closed", failures: 50 })
    admission.force({ endpoint: "a", state: "auto", by: "Ada" })
    expect(fail(1)).toMatchObject({ breaker: "open", changed: true })
  })
})
