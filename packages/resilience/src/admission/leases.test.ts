import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { type Call, driveModel } from "../testing/driven-model.ts"
import { sampleAdmit, sampleEndpoint, sampleSettle } from "../testing/samples.ts"

const endpoint = sampleEndpoint({ concurrency: 10, breaker: null })
const endings = ["settle", "release", "crash"] as const

/** Callers who take places and leave them in one way or another, and who is in at any time. */
function crowd() {
  const { time, admission, ask, settle, state } = driveModel([endpoint])
  const held: Call[] = []
  let crashed = 0
  const askOnce = (): void => {
    const request = sampleAdmit({ endpoints: [endpoint], leaseMs: 1_000_000 })
    const outcome = ask(request)
    if (outcome.kind === "admitted") held.push({ request, outcome })
    else expect(held.length + crashed).toBe(10)
  }
  const end = (index: number, how: (typeof endings)[number]): void => {
    const [one] = held.splice(index, 1)
    if (one === undefined) return
    if (how === "settle") settle(one)
    if (how === "release") admission.release({ lease: one.request.lease, route: "chat", endpoint, tokensReserved: 100 })
    if (how === "crash") crashed += 1
  }
  return { time, state, askOnce, end, inside: () => held.length + crashed }
}

describe("places", () => {
  test("are never more than the concurrency, and never leak", () => {
    const step = fc.record({ asks: fc.nat(6), how: fc.constantFrom(...endings), index: fc.nat(20), afterMs: fc.nat(3_000) })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
        const { time, state, askOnce, end, inside } = crowd()
        for (const { asks, how, index, afterMs } of steps) {
          time.run(afterMs)
          for (let asked = 0; asked < asks; asked += 1) askOnce()
          end(index, how)
          expect(state().inFlight).toBe(inside())
        }
        time.run(1_000_001)
        expect(state().inFlight).toBe(0)
      }),
    )
  })

  test("of a worker that was killed become free when its leases expire, unless they are renewed", () => {
    const { time, admission, ask, call, state } = driveModel([endpoint])
    const calls = Array.from({ length: 10 }, () => call({ leaseMs: 5_000 }))
    time.run(4_000)
    const renewed = calls.slice(0, 3).map(({ request }) => ({ lease: request.lease, route: "chat", endpoint: "a", leaseMs: 5_000 }))
    admission.renew(renewed)
    time.run(1_000)
    expect(state().inFlight).toBe(3)
    expect(ask().kind).toBe("admitted")
    time.run(4_000)
    expect(state().inFlight).toBe(1)
  })

  test("are taken at once when they become free", () => {
    const { time, ask, call, settle } = driveModel([sampleEndpoint({ concurrency: 1, breaker: null })])
    const running = call()
    expect(ask()).toMatchObject({ kind: "refused", reason: "concurrency", endpoint: "a", unavailableSinceMs: null })
    time.run(300)
    settle(running)
    expect(ask().kind).toBe("admitted")
  })
})

describe("a settlement", () => {
  test("counts once", () => {
    const { call, settle, state } = driveModel([sampleEndpoint({ tokensPerMinute: 6_000 })])
    const one = call()
    expect(settle(one, { tokensUsed: 150 })).toMatchObject({ applied: true })
    const after = state()
    expect(settle(one, { tokensUsed: 150, outcome: "failure" })).toMatchObject({ applied: false })
    expect(state()).toEqual(after)
  })

  test("that comes after its lease has expired still corrects tokens and counts", () => {
    const { time, call, settle, state } = driveModel([sampleEndpoint({ tokensPerMinute: 6_000 })])
    const one = call({ leaseMs: 1_000 })
    time.run(20_000)
    expect(settle(one, { tokensUsed: 900, outcome: "failure" })).toMatchObject({ applied: true })
    expect(state()).toMatchObject({ calls: 1, failures: 1, inFlight: 0, tokensPerMinute: { used: 900 } })
  })

  test("of a lease that nobody knows changes nothing", () => {
    const { admission, state } = driveModel()
    const before = state()
    expect(admission.settle(sampleSettle({ lease: "unheard of", outcome: "failure" }))).toMatchObject({ applied: false })
    expect(state()).toEqual(before)
  })
})

describe("a question asked again", () => {
  test("gets the same answer, since the first may have been lost, and takes no second place", () => {
    const { time, ask, call, state } = driveModel([sampleEndpoint({ requestsPerMinute: 60, concurrency: 5 })])
    call()
    const { request, outcome } = call()
    expect(outcome.startInMs).toBe(1_016)
    time.run(400)
    expect(ask(request)).toEqual({ ...outcome, startInMs: 616 })
    expect(state().inFlight).toBe(2)
    expect(ask({ lease: "third" })).toMatchObject({ startInMs: 1_631 })
  })

  test("long after the call began is a new one, in the place of the old", () => {
    const { time, ask, call, state } = driveModel([sampleEndpoint({ requestsPerMinute: 60, concurrency: 5 })])
    const { request } = call()
    time.run(5_000)
    expect(ask(request)).toMatchObject({ kind: "admitted" })
    expect(state()).toMatchObject({ inFlight: 1, requestsPerMinute: { used: 2 } })
  })
})

describe("what is given back", () => {
  test("can be had by another: place, request, tokens and reservation", () => {
    const limited = sampleEndpoint({ requestsPerMinute: 60, tokensPerMinute: 6_000, concurrency: 1 })
    const { admission, ask, call, state } = driveModel([limited])
    const { request } = call()
    admission.release({ lease: request.lease, route: "chat", endpoint: limited, tokensReserved: request.tokens })
    expect(state().inFlight).toBe(0)
    expect(ask()).toMatchObject({ kind: "admitted", startInMs: 0 })
  })

  test("twice, counts once", () => {
    const limited = sampleEndpoint({ requestsPerMinute: 60 })
    const { admission, ask, call } = driveModel([limited])
    const { request } = call()
    for (let times = 0; times < 3; times += 1)
      admission.release({ lease: request.lease, route: "chat", endpoint: limited, tokensReserved: 100 })
    expect(ask()).toMatchObject({ startInMs: 0 })
    expect(ask()).toMatchObject({ startInMs: 1_016 })
  })

  test("as a booking, frees it", () => {
    const limited = sampleEndpoint({ tokensPerMinute: 6_000 })
    const { admission, ask } = driveModel([limited])
    ask({ tokens: 3_000 })
    const lease = "large"
    expect(ask({ lease, tokens: 3_000, refusals: 3 })).toMatchObject({ kind: "booked" })
    const before = ask({ refusals: 0 })
    admission.release({ lease, route: "chat", endpoint: limited, tokensReserved: 3_000 })
    expect(before).toMatchObject({ kind: "refused", retryInMs: 60_914 })
    expect(ask({ maxWaitMs: 60_000 })).toMatchObject({ kind: "admitted", startInMs: 30_457 })
  })
})

test("limits of a newer configuration win over those of an older, whoever asks last", () => {
  const { ask, state } = driveModel([endpoint])
  const configured = (version: number, concurrency: number, requestsPerMinute: number) =>
    ask({ version, endpoints: [{ ...endpoint, concurrency, requestsPerMinute }] })
  configured(2, 3, 60)
  configured(1, 50, 6_000)
  expect(state()).toMatchObject({ concurrencyCap: 3, requestsPerMinute: { limit: 60 } })
  configured(3, 50, 6_000)
  expect(state()).toMatchObject({ concurrencyCap: 50, requestsPerMinute: { limit: 6_000 } })
})
