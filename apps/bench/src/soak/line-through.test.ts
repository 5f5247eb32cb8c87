import { expect, test } from "vitest"
import { lineThrough } from "./line-through.ts"

test("finds the line that points lie on", () => {
  expect(lineThrough([1, 2, 5].map((x) => [x, 3 * x - 4] as const))).toEqual({ slope: expect.closeTo(3), r2: expect.closeTo(1) })
})

test("tells noise from a trend", () => {
  const points = Array.from({ length: 100 }, (_, x) => [x, x % 2] as const)
  expect(lineThrough(points).r2).toBeLessThan(0.01)
})

test("has nothing to say of too few points", () => {
  expect(lineThrough([])).toEqual({ slope: 0, r2: 0 })
  expect(lineThrough([[1, 1]])).toEqual({ slope: 0, r2: 0 })
})
