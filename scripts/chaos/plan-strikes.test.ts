import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { faultNames } from "./faults.ts"
import { planStrikes } from "./plan-strikes.ts"

const plan = { seed: 7, faults: faultNames, fromMs: 5_000, untilMs: 305_000, gapMs: 10_000 }

describe("the plan of strikes", () => {
  test("is the same for the same seed, and another for another", () => {
    expect(planStrikes(plan)).toEqual(planStrikes(plan))
    expect(planStrikes(plan)).not.toEqual(planStrikes({ ...plan, seed: 8 }))
  })

  test("gives each fault its turn, in order of time and within its time, whatever the seed", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0 }), fc.integer({ min: 1, max: 600_000 }), fc.subarray([...faultNames]), (seed, lengthMs, faults) => {
        const untilMs = plan.fromMs + lengthMs
        const strikes = planStrikes({ ...plan, seed, faults, untilMs })
        expect(new Set(strikes.map(({ fault }) => fault))).toEqual(new Set(faults))
        const times = strikes.map(({ atMs }) => atMs)
        expect(times).toEqual(times.toSorted((a, b) => a - b))
        expect(times.every((atMs) => atMs >= plan.fromMs && atMs <= untilMs)).toBe(true)
        const counts = faults.map((name) => strikes.filter(({ fault }) => fault === name).length)
        expect(Math.max(0, ...counts) - Math.min(...counts, Math.max(0, ...counts))).toBeLessThanOrEqual(1)
      }),
    )
  })
})
