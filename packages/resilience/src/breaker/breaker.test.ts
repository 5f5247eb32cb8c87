import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { rules } from "../testing/samples.ts"
import { type Breaker, closedBreaker, halfOpenBreaker, isMostlyGood, recordCall } from "./breaker.ts"
import type { BreakerRules } from "./breaker-rules.ts"

const startMs = 1_000_000_000

interface Call {
  readonly isFailure?: boolean
  readonly latencyMs?: number
  readonly afterMs?: number
}

function after(
  breaker: Breaker,
  call: Call,
  nowMs = startMs,
  options: { readonly rules?: BreakerRules | null; readonly mayTrip?: boolean } = {},
): Breaker {
  const { isFailure = false, latencyMs = 100 } = call
  const mayTrip = (): boolean => options.mayTrip ?? true
  return recordCall(breaker, options.rules === undefined ? rules : options.rules, { isFailure, latencyMs, nowMs, mayTrip })
}

function afterAll(calls: readonly Call[], nowMs = startMs, breaker = closedBreaker): Breaker {
  return calls.reduce((state, call) => after(state, call, nowMs), breaker)
}

const good: Call = {}
const bad: Call = { isFailure: true }
const slow: Call = { latencyMs: 10_001 }
const repeat = (call: Call, times: number): readonly Call[] => Array.from({ length: times }, () => call)

describe("a closed breaker", () => {
  test("opens when half of at least 20 calls have failed", () => {
    expect(afterAll([...repeat(good, 10), ...repeat(bad, 9)]).state.kind).toBe("closed")
    expect(afterAll([...repeat(good, 10), ...repeat(bad, 10)]).state).toMatchObject({ kind: "open", untilMs: startMs + 15_000, trips: 1 })
    expect(afterAll([...repeat(good, 20), ...repeat(bad, 19)]).state.kind).toBe("closed")
  })

  test("opens when four fifths were slow, though they succeeded", () => {
    expect(afterAll([...repeat(good, 4), ...repeat(slow, 15)]).state.kind).toBe("closed")
    expect(afterAll([...repeat(good, 4), ...repeat(slow, 16)]).state.kind).toBe("open")
    expect(after(closedBreaker, slow, startMs, { rules: { ...rules, slowCallMs: null } }).window.at(0)?.slow).toBe(0)
  })

  test("opens in thin traffic on three failures within a minute, if they are half of the calls", () => {
    expect(afterAll(repeat(bad, 3)).state.kind).toBe("open")
    expect(afterAll([good, good, good, bad, bad, bad]).state.kind).toBe("open")
    expect(afterAll([good, good, good, good, bad, bad, bad]).state.kind).toBe("closed")
    const early = afterAll([bad, bad])
    expect(after(early, bad, startMs + 59_000).state.kind).toBe("open")
    expect(after(early, bad, startMs + 60_000).state.kind).toBe("closed")
  })

  test("opens on bad news only", () => {
    const sick = recordCall(closedBreaker, rules, { isFailure: true, latencyMs: 1, nowMs: startMs, mayTrip: () => false })
    const kept = [bad, bad, bad].reduce((state, call) => after(state, call, startMs, { mayTrip: false }), sick)
    expect(kept.state.kind).toBe("closed")
    expect(after(kept, good).state.kind).toBe("closed")
    expect(after(kept, bad).state.kind).toBe("open")
  })

  test("that is off never opens, and closes if it was open", () => {
    const off = repeat(bad, 100).reduce((state, call) => after(state, call, startMs, { rules: null }), closedBreaker)
    expect(off.state.kind).toBe("closed")
    expect(after(afterAll(repeat(bad, 3)), bad, startMs, { rules: null }).state.kind).toBe("closed")
  })

  test("is dead when no call has succeeded for a window, or in a sixth of it if 20 failed in that time", () => {
    const told: boolean[] = []
    const tell = (breaker: Breaker, call: Call, nowMs: number): Breaker => {
      const mayTrip = ({ isDead }: { readonly isDead: boolean }): boolean => told.push(isDead) < 0
      return recordCall(breaker, rules, { isFailure: call.isFailure ?? false, latencyMs: 1, nowMs, mayTrip })
    }
    const many = [good, ...repeat(bad, 20)].reduce((state, call) => tell(state, call, startMs), closedBreaker)
    tell(tell(many, bad, startMs + 4_999), bad, startMs + 5_000)
    expect(told.slice(-3)).toEqual([false, false, true])
    told.length = 0
    const few = [good, bad, bad, bad].reduce((state, call) => tell(state, call, startMs), closedBreaker)
    tell(tell(few, bad, startMs + 29_999), bad, startMs + 30_000)
    expect(told).toEqual([false, false, true])
  })
})

describe("an open breaker", () => {
  const open = afterAll(repeat(bad, 3))

  test("takes no notice of results", () => {
    expect(after(open, good)).toBe(open)
    expect(after(open, bad)).toBe(open)
  })

  test("closes when all probes have succeeded, and forgets what was before", () => {
    const halfOpen = halfOpenBreaker(open)
    const closed = afterAll(repeat(good, 3), startMs + 20_000, halfOpen)
    expect(afterAll(repeat(good, 2), startMs + 20_000, halfOpen).state.kind).toBe("half_open")
    expect(closed).toEqual({ ...closedBreaker, generation: 3, decidedOn: { calls: 3, failures: 0, slow: 0 } })
  })

  test("stays open twice as long for each failed probe, up to the cap, and remembers since when", () => {
    let nowMs = startMs
    let breaker = open
    const opened = Array.from({ length: 6 }, () => {
      if (breaker.state.kind !== "open") throw new Error("it should be open")
      const openMs = breaker.state.untilMs - nowMs
      nowMs = breaker.state.untilMs
      breaker = afterAll([good, bad], nowMs, halfOpenBreaker(breaker))
      return openMs
    })
    expect(opened).toEqual([15_000, 30_000, 60_000, 120_000, 120_000, 120_000])
    expect(breaker.state).toMatchObject({ sinceMs: startMs })
  })

  test("that must stay in use hears all its probes, and closes if one was good", () => {
    const unlessDead = (calls: readonly Call[]): Breaker =>
      calls.reduce((state, { isFailure = false }) => {
        const call = { isFailure, latencyMs: 1, nowMs: startMs, mayTrip: ({ isDead }: { readonly isDead: boolean }) => isDead }
        return recordCall(state, rules, call)
      }, halfOpenBreaker(open))
    expect(unlessDead([bad, bad]).state.kind).toBe("half_open")
    expect(unlessDead([bad, bad, good]).state.kind).toBe("closed")
    expect(unlessDead([bad, bad, bad]).state.kind).toBe("open")
  })

  test("opens again when its probes succeed but are slow", () => {
    expect(afterAll([good, slow, slow], startMs, halfOpenBreaker(open)).state.kind).toBe("closed")
    expect(afterAll([slow, slow, slow], startMs, halfOpenBreaker(open)).state.kind).toBe("open")
  })
})

describe("an endpoint is well", () => {
  test("until other calls say otherwise: with none, nothing speaks against it", () => {
    expect(isMostlyGood(closedBreaker, rules, startMs)).toBe(true)
    expect(isMostlyGood(afterAll([bad]), rules, startMs)).toBe(false)
    expect(isMostlyGood(afterAll([good, bad]), rules, startMs)).toBe(true)
    expect(isMostlyGood(afterAll([good, bad, bad]), rules, startMs)).toBe(false)
    expect(isMostlyGood(afterAll([bad]), rules, startMs + 61_000)).toBe(true)
  })
})

/** What must hold of any change that a call makes. */
function expectLawful(before: Breaker, next: Breaker, nowMs: number): void {
  const hasChanged = next.state.kind !== before.state.kind
  expect(next.generation).toBe(before.generation + (hasChanged ? 1 : 0))
  if (!hasChanged || next.state.kind !== "open") return
  expect(next.state.untilMs - nowMs).toBeGreaterThanOrEqual(rules.openMs)
  expect(next.state.untilMs - nowMs).toBeLessThanOrEqual(rules.maxOpenMs)
  const badNews = before.window.reduce((sum, { failures, slow: slowCalls }) => sum + failures + slowCalls, 1)
  if (before.state.kind === "closed") expect(badNews).toBeGreaterThanOrEqual(rules.thinFailures)
}

test("whatever happens, it opens only by its rules, and every change starts a generation", () => {
  const step = fc.record({ isFailure: fc.boolean(), latencyMs: fc.constantFrom(1, 20_000), afterMs: fc.nat(20_000) })
  fc.assert(
    fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
      let nowMs = startMs
      let breaker = closedBreaker
      for (const { afterMs, ...call } of steps) {
        nowMs += afterMs
        if (breaker.state.kind === "open" && breaker.state.untilMs <= nowMs) breaker = halfOpenBreaker(breaker)
        const next = after(breaker, call, nowMs)
        expectLawful(breaker, next, nowMs)
        breaker = next
      }
    }),
  )
})
