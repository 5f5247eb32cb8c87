import fc from "fast-check"
import { expect, test } from "vitest"
import { apportion } from "./apportion.ts"

test("the parts add up to the whole, and none is off by one or more", () => {
  const weights = fc.array(fc.integer({ min: 0, max: 100_000 }), { minLength: 1, maxLength: 100 }).filter((list) => list.some(Boolean))
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 1_000_000 }), weights, (total, list) => {
      const parts = apportion(total, list)
      const sum = list.reduce((all, weight) => all + weight, 0)
      expect(parts.reduce((all, part) => all + part, 0)).toBe(total)
      for (const [index, part] of parts.entries()) expect(Math.abs(part - (total * (list[index] ?? 0)) / sum)).toBeLessThan(1)
    }),
  )
})

test("what is left over goes to those who were cut most", () => {
  expect(apportion(10, [1, 1, 1])).toEqual([4, 3, 3])
  expect(apportion(10, [26, 37, 37])).toEqual([2, 4, 4])
})
