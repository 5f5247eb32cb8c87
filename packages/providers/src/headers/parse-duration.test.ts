import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { parseDurationMs } from "./parse-duration.ts"

describe("parseDurationMs", () => {
  test.each([
    ["6m0s", 360_000],
    ["12ms", 12],
    ["1s", 1_000],
    ["8.64s", 8_640],
    ["1h2m3.5s", 3_723_500],
    ["1d", 86_400_000],
    ["250us", 1],
    ["0s", 0],
    ["2", 2_000],
    ["0.5", 500],
    [" 17 ", 17_000],
    ["37.123s", 37_123],
  ])("reads %s", (text, expected) => {
    expect(parseDurationMs(text)).toBe(expected)
  })

  test.each(["", "-1", "-5s", "soon", "6 m", "1x", "NaN", "Infinity", "1e3", "2026-11-20T18:00:00Z", "s", "1.s"])("refuses %j", (text) => {
    expect(parseDurationMs(text)).toBeNull()
  })

  test("reads what Go would write", () => {
    const parts = fc.record({ h: fc.nat(200), m: fc.nat(59), s: fc.nat(59), ms: fc.nat(999) })
    fc.assert(
      fc.property(parts, ({ h, m, s, ms }) => {
        const text = `${h}h${m}m${s}.${String(ms).padStart(3, "0")}s`
        expect(parseDurationMs(text)).toBe(h * 3_600_000 + m * 60_000 + s * 1_000 + ms)
      }),
    )
  })

  test("answers at once, whatever it is given", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const duration = parseDurationMs(text)
        expect(duration === null || (Number.isInteger(duration) && duration >= 0)).toBe(true)
      }),
    )
    expect(parseDurationMs(`${"1m".repeat(20_000)}!`)).toBeNull()
  })
})
