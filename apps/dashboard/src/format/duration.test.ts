import { expect, test } from "vitest"
import { formatDuration } from "./duration.ts"

test.each([
  [0, "0 ms"],
  [840.4, "840 ms"],
  [1_000, "1.0 s"],
  [9_940, "9.9 s"],
  [9_960, "10 s"],
  [59_400, "59 s"],
  [59_600, "1 min"],
  [200_000, "3 min 20 s"],
  [3_599_900, "60 min"],
  [3_600_000, "1 h"],
  [7_500_000, "2 h 5 min"],
  [187_200_000, "2 d 4 h"],
])("%d ms is %s", (ms, text) => {
  expect(formatDuration(ms)).toBe(text)
})
