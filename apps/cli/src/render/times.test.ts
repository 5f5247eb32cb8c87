import { expect, test } from "vitest"
import { durationText, relativeTime } from "./times.ts"

const now = Date.parse("2026-11-21T12:00:00.000Z")

test.each([
  [0, "0 ms"],
  [850, "850 ms"],
  [999.6, "1000 ms"],
  [1_250, "1.2 s"],
  [9_999, "9.9 s"],
  [48_900, "48 s"],
  [60_000, "1 min"],
  [3_599_999, "59 min"],
  [7_200_000, "2 h"],
  [172_800_000, "2 d"],
])("%d ms is %s", (ms, expected) => {
  expect(durationText(ms)).toBe(expected)
})

test.each([
  [null, "-"],
  ["2026-11-21T12:00:00.400Z", "now"],
  ["2026-11-21T11:59:57.900Z", "2 s ago"],
  ["2026-11-21T12:00:05.000Z", "in 5 s"],
  ["2026-11-21T11:30:00.000Z", "30 min ago"],
  ["2026-11-19T12:00:00.000Z", "2 d ago"],
])("%s is %s", (timestamp, expected) => {
  expect(relativeTime(timestamp, now)).toBe(expected)
})
