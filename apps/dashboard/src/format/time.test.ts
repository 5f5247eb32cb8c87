import { expect, test } from "vitest"
import { formatAgo, formatUtc } from "./time.ts"

test.each([
  [2_000, "now"],
  [-2_000, "now"],
  [12_400, "12 s ago"],
  [342_000, "5 min ago"],
  [-7_500_000, "in 2 h"],
])("%d ms is %s", (ms, text) => {
  expect(formatAgo(ms)).toBe(text)
})

test("tells UTC to the millisecond", () => {
  expect(formatUtc(new Date("2026-11-29T14:03:05.120Z"))).toBe("2026-11-29 14:03:05.120 UTC")
})
