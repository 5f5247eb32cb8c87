import { expect, test } from "vitest"
import { retryAfterMsOf } from "./retry-after.ts"

const now = new Date("2026-11-20T18:00:00Z")

test.each([
  [undefined, null],
  ["", null],
  ["0", 0],
  ["1", 1_000],
  [" 30 ", 30_000],
  ["1.5", 1_500],
  ["86400", 86_400_000],
  ["86401", 86_400_000],
  ["9".repeat(400), 86_400_000],
  ["-5", null],
  ["+5", null],
  ["1e3", null],
  ["5 minutes", null],
  ["Infinity", null],
  ["2026-11-20T18:01:00Z", null],
  ["Fri, 20 Nov 2026 18:01:00 GMT", 60_000],
  ["Friday, 20-Nov-26 18:01:00 GMT", 60_000],
  ["Fri Nov 20 18:01:00 2026", 60_000],
  ["Fri, 20 Nov 2026 17:00:00 GMT", 0],
  ["Fri, 20 Nov 2099 18:01:00 GMT", 86_400_000],
  ["Fri, 99 Nov 2026 18:01:00 GMT", null],
])("Retry-After %j asks for %j ms", (header, expected) => {
  expect(retryAfterMsOf(header, now)).toBe(expected)
  if (header !== undefined) expect(retryAfterMsOf([header, "1"], now)).toBe(expected)
})
