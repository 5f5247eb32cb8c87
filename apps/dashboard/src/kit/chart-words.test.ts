import { expect, test } from "vitest"
import { axisLabel, isolatedIndices } from "./chart-words.ts"

test("finds what stands alone between gaps and at the ends", () => {
  expect(isolatedIndices([1, null, 2, 3, null, 4, null, 5])).toEqual([0, 5, 7])
  expect(isolatedIndices([1, 2])).toEqual([])
})

test("an axis of days is of days in UTC, whatever the zone of the viewer", () => {
  const midnight = Date.parse("2026-11-29T00:00:00.000Z") / 1_000
  expect(axisLabel(midnight, { spanSeconds: 1, isByDay: true })).toContain("29")
})
