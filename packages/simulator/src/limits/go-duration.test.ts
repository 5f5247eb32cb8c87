import fc from "fast-check"
import { expect, test } from "vitest"
import { goDuration } from "./go-duration.ts"

test.each([
  [0, "0s"],
  [-5, "0s"],
  [12, "12ms"],
  [1000, "1s"],
  [1500, "1.5s"],
  [59_999, "59.999s"],
  [360_000, "6m0s"],
  [3_600_000, "1h0m0s"],
  [3_723_004, "1h2m3.004s"],
])("%i ms is %s", (durationMs, written) => {
  expect(goDuration(durationMs)).toBe(written)
})

test("nothing is lost in writing", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 10_000_000 }), (durationMs) => {
      expect(readGoDuration(goDuration(durationMs))).toBe(durationMs)
    }),
  )
})

function readGoDuration(text: string): number {
  const unitMs: Record<string, number> = { h: 3_600_000, m: 60_000, s: 1000, ms: 1 }
  const parts = text.matchAll(/([\d.]+)(ms|[hms])/g)
  return Math.round([...parts].reduce((total, [, amount, unit]) => total + Number(amount) * (unitMs[unit ?? ""] ?? Number.NaN), 0))
}
