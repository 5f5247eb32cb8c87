import { expect, test } from "vitest"
import { parseRetryAfter } from "./retry-after.ts"

const now = Date.parse("2026-11-21T12:00:00.000Z")

test.each([
  [null, null],
  ["3", 3_000],
  [" 0 ", 0],
  ["Sat, 21 Nov 2026 12:00:05 GMT", 5_000],
  ["Sat, 21 Nov 2026 11:00:00 GMT", 0],
  ["soon", null],
])("Retry-After %j is %j ms", (header, expected) => {
  expect(parseRetryAfter(header, now)).toBe(expected)
})
