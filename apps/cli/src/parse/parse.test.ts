import { describe, expect, test } from "vitest"
import { parseDuration } from "./duration.ts"
import { collectPair, oneOrMoreOf } from "./lists.ts"
import { parseMoment } from "./moment.ts"
import { parseAmount, parseCount } from "./numbers.ts"

test.each([
  ["500ms", 500],
  ["30s", 30_000],
  ["10m", 600_000],
  ["10min", 600_000],
  ["1.5h", 5_400_000],
  ["1d", 86_400_000],
])("%s is %d ms", (text, ms) => {
  expect(parseDuration(text)).toBe(ms)
})

test.each(["", "30", "s", "-1s", "0s", "1 h", "1w", "1e3s", "99999999999999d"])("%j is no duration", (text) => {
  expect(() => parseDuration(text)).toThrow("Expected a time such as 500ms, 30s, 10m, 2h or 1d.")
})

describe("parseMoment", () => {
  const parse = parseMoment(() => Date.parse("2026-11-21T12:00:00.000Z"))
  test("takes dates, and how long ago", () => {
    expect(parse("2h")).toBe("2026-11-21T10:00:00.000Z")
    expect(parse("2026-11-20T10:00:00+02:00")).toBe("2026-11-20T08:00:00.000Z")
    expect(parse("2026-11-20")).toBe("2026-11-20T00:00:00.000Z")
  })
  test.each(["yesterday", "2026-13-45", ""])("refuses %j", (text) => {
    expect(() => parse(text)).toThrow("Expected a time as 2026-11-21T12:00:00Z, or how long ago, such as 2h.")
  })
})

test("numbers", () => {
  expect([parseCount("20"), parseAmount("0.05"), parseAmount("0")]).toEqual([20, 0.05, 0])
  for (const text of ["0", "-1", "1.5", "x", "", "1e3", "99999999999999999999"]) expect(() => parseCount(text)).toThrow("whole number")
  for (const text of ["-1", "x", "", " ", "Infinity"]) expect(() => parseAmount(text)).toThrow("Expected a number")
})

test("pairs and lists", () => {
  expect(collectPair("b=2=3", collectPair("a="))).toEqual({ a: "", b: "2=3" })
  for (const text of ["a", "=1", ""]) expect(() => collectPair(text)).toThrow("Expected KEY=VALUE.")
  const parse = oneOrMoreOf(["failed", "expired"])
  expect(parse("failed,expired")).toEqual(["failed", "expired"])
  expect(() => parse("failed,")).toThrow("Expected one or more of failed, expired.")
})
