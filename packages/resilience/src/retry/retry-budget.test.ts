import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { countCall, freshRetryBudget, mayRetry, type RetryBudget } from "./retry-budget.ts"

describe("the retry budget", () => {
  test("lets three retries run at once, with no other call in sight", () => {
    const allowed = [0, 1, 2, 3, 4].map((inFlight) => mayRetry(freshRetryBudget, { nowMs: 0, inFlight: () => inFlight }))
    expect(allowed).toEqual([true, true, true, false, false])
  })

  test("never lets more than a fifth of the recent first calls be repeated beyond those", () => {
    const step = fc.record({ isRetry: fc.boolean(), afterMs: fc.nat(1_500) })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 150 }), (steps) => {
        let nowMs = 1_000_000
        let budget: RetryBudget = freshRetryBudget
        const made: { readonly isRetry: boolean; readonly atMs: number }[] = []
        for (const { isRetry, afterMs } of steps) {
          nowMs += afterMs
          if (isRetry && !mayRetry(budget, { nowMs, inFlight: () => 3 })) continue
          budget = countCall(budget, { isRetry, nowMs })
          made.push({ isRetry, atMs: nowMs })
          const recent = made.filter(({ atMs }) => Math.floor(atMs / 5_000) >= Math.floor(nowMs / 5_000) - 1)
          const retries = recent.filter((call) => call.isRetry).length
          if (isRetry) expect((retries - 1) * 5).toBeLessThan(recent.length - retries)
        }
      }),
    )
  })

  test("forgets: what was called ten seconds ago pays for nothing", () => {
    const busy = Array.from({ length: 50 }).reduce<RetryBudget>(
      (budget) => countCall(budget, { isRetry: false, nowMs: 4_999 }),
      freshRetryBudget,
    )
    expect(mayRetry(busy, { nowMs: 9_999, inFlight: () => 9 })).toBe(true)
    expect(mayRetry(busy, { nowMs: 10_000, inFlight: () => 9 })).toBe(false)
  })
})
