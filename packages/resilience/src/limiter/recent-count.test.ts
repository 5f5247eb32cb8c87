import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { addTo, noCount, type RecentCount, recentSum, slidingSum } from "./recent-count.ts"

describe("a recent count", () => {
  test("covers the present slot and the one before, and nothing older", () => {
    fc.assert(
      fc.property(fc.array(fc.record({ skip: fc.nat(3), amount: fc.integer({ min: -5, max: 20 }) }), { maxLength: 40 }), (adds) => {
        let slot = 100
        let count: RecentCount = noCount
        const all: { readonly slot: number; readonly amount: number }[] = []
        for (const { skip, amount } of adds) {
          slot += skip
          count = addTo(count, slot, amount)
          all.push({ slot, amount })
          const expected = all.filter((each) => each.slot >= slot - 1).reduce((sum, each) => sum + each.amount, 0)
          expect(recentSum(count, slot)).toBe(expected)
        }
      }),
    )
  })

  test("fades out evenly over a slot", () => {
    const count = addTo(noCount, 10, 60)
    const at = (nowMs: number) => slidingSum(count, { nowMs, slotMs: 1_000 })
    expect([at(10_999), at(11_000), at(11_250), at(11_750), at(12_000)]).toEqual([60, 60, 45, 15, 0])
  })

  test("is not lost when the clock goes back", () => {
    expect(recentSum(addTo(addTo(noCount, 10, 3), 9, 4), 9)).toBe(7)
  })
})
