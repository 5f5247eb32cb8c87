import { describe, expect, test } from "vitest"
import { rateLimitReport, readWindow, tightest } from "./rate-limit-window.ts"

const nowMs = Date.parse("2026-11-20T18:00:00Z")
const names = { limit: "l", remaining: "r", reset: "t" }
const read = (headers: Record<string, string>) => readWindow(headers, names, nowMs)

describe("readWindow", () => {
  test.each([
    [
      { l: "300", r: "299", t: "1" },
      { limit: 300, remaining: 299, resetMs: 1_000 },
    ],
    [
      { l: "300", r: "0", t: "6m0s" },
      { limit: 300, remaining: 0, resetMs: 360_000 },
    ],
    [
      { l: "50", r: "0", t: "2026-11-20T18:00:17Z" },
      { limit: 50, remaining: 0, resetMs: 17_000 },
    ],
    [
      { l: "50", r: "1", t: "2026-11-20T17:59:00Z" },
      { limit: 50, remaining: 1, resetMs: 0 },
    ],
    [{ r: "3" }, { limit: null, remaining: 3, resetMs: null }],
    [
      { l: "3", r: "x", t: "x" },
      { limit: 3, remaining: null, resetMs: null },
    ],
  ])("reads %j", (headers, expected) => {
    expect(read(headers)).toEqual(expected)
  })

  test("-1, -1 and 0, as Azure sends them, mean that nothing is known", () => {
    expect(read({ l: "-1", r: "-1", t: "0" })).toBeNull()
    expect(read({})).toBeNull()
    expect(read({ t: "5" })).toBeNull()
  })

  test("takes a timestamp relative to the server's own clock", () => {
    expect(read({ r: "0", t: "2026-11-20T21:00:09Z", date: "Fri, 20 Nov 2026 21:00:00 GMT" })?.resetMs).toBe(9_000)
  })
})

describe("tightest", () => {
  test("is the window with the smallest share left", () => {
    const wide = { limit: 1_000, remaining: 900, resetMs: null }
    const narrow = { limit: 1_000_000, remaining: 100_000, resetMs: null }
    expect(tightest([wide, null, narrow])).toBe(narrow)
    expect(tightest([wide, { limit: null, remaining: 0, resetMs: null }])?.remaining).toBe(0)
    expect(tightest([{ limit: 5, remaining: null, resetMs: null }, wide])).toBe(wide)
    expect(tightest([null, null])).toBeNull()
  })
})

test("a report without any window is none", () => {
  expect(rateLimitReport(null, null)).toBeNull()
  expect(rateLimitReport({ limit: 1, remaining: 1, resetMs: 1 }, null)).toEqual({
    requests: { limit: 1, remaining: 1, resetMs: 1 },
    tokens: null,
  })
})
