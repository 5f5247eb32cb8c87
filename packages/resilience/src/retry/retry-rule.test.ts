import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { type RetryRule, retryDelayMs } from "./retry-rule.ts"

const rule: RetryRule = { retries: 4, delayMs: 500, factor: 2, maxDelayMs: 10_000 }

describe("retryDelayMs", () => {
  test("grows by the factor and stops at the maximum", () => {
    const longest = (failures: number) => retryDelayMs({ rule, failures, retryAfterMs: null, random: () => 1 })
    expect([1, 2, 3, 4, 5, 6, 7].map(longest)).toEqual([500, 1_000, 2_000, 4_000, 8_000, 10_000, 10_000])
  })

  test("keeps at least half of the wait, whatever chance says", () => {
    const failures = fc.integer({ min: 1, max: 50 })
    fc.assert(
      fc.property(failures, fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (count, chance) => {
        const full = retryDelayMs({ rule, failures: count, retryAfterMs: null, random: () => 1 })
        const delay = retryDelayMs({ rule, failures: count, retryAfterMs: null, random: () => chance })
        expect(delay).toBeGreaterThanOrEqual(Math.floor(full / 2))
        expect(delay).toBeLessThanOrEqual(full)
      }),
    )
  })

  test("never comes back before the provider said, even when the rule's maximum is shorter", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 3_600_000 }),
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        (asked, chance) => {
          const delay = retryDelayMs({ rule, failures: 1, retryAfterMs: asked, random: () => chance })
          expect(delay).toBeGreaterThanOrEqual(asked)
          expect(delay).toBeLessThanOrEqual(Math.ceil(asked * 1.1))
        },
      ),
    )
  })
})
