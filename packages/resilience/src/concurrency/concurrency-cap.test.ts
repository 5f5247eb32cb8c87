import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { type ConcurrencyCap, callsAllowed, cutCap, growCap, uncutCap } from "./concurrency-cap.ts"

describe("the concurrency cap", () => {
  test("stays between one call and the configured number, whatever happens", () => {
    const step = fc.record({ isCut: fc.boolean(), afterMs: fc.nat(2_000), latencyMs: fc.nat(3_000), inFlight: fc.nat(60) })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 100 }), fc.integer({ min: 1, max: 50 }), (steps, configured) => {
        let nowMs = 100_000
        let cap: ConcurrencyCap = uncutCap
        for (const { isCut, afterMs, latencyMs, inFlight } of steps) {
          nowMs += afterMs
          const before = callsAllowed(cap, configured) ?? 0
          cap = isCut ? cutCap(cap, { configured, startedAtMs: nowMs - latencyMs, nowMs }) : growCap(cap, { configured, inFlight })
          const allowed = callsAllowed(cap, configured) ?? 0
          expect(allowed).toBeGreaterThanOrEqual(1)
          expect(allowed).toBeLessThanOrEqual(configured)
          expect(isCut ? allowed <= before : allowed >= before).toBe(true)
        }
      }),
    )
  })

  test("is cut at most once a second, and by no call that began before the last cut", () => {
    const once = cutCap(uncutCap, { configured: 10, startedAtMs: 9_900, nowMs: 10_000 })
    expect(callsAllowed(once, 10)).toBe(7)
    expect(cutCap(once, { configured: 10, startedAtMs: 10_500, nowMs: 10_999 })).toBe(once)
    expect(cutCap(once, { configured: 10, startedAtMs: 9_999, nowMs: 30_000 })).toBe(once)
    expect(callsAllowed(cutCap(once, { configured: 10, startedAtMs: 10_500, nowMs: 11_000 }), 10)).toBe(4)
  })

  test("comes back to the configured number with successes at the cap, and only with those", () => {
    const once = cutCap(uncutCap, { configured: 10, startedAtMs: 9_900, nowMs: 10_000 })
    expect(growCap(once, { configured: 10, inFlight: 3 })).toBe(once)
    let cap = once
    let successes = 0
    while (cap.cap !== null) {
      cap = growCap(cap, { configured: 10, inFlight: 7 })
      successes += 1
    }
    expect(successes).toBe(26)
    expect(callsAllowed(cap, 10)).toBe(10)
  })

  test("is none where none is configured", () => {
    expect(callsAllowed(cutCap(uncutCap, { configured: null, startedAtMs: 9_000, nowMs: 10_000 }), null)).toBeNull()
  })
})
