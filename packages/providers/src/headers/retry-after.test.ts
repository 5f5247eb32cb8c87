import { describe, expect, test } from "vitest"
import { retryAfterMsInWords, retryAfterMsOf } from "./retry-after.ts"

const nowMs = Date.parse("2026-11-20T18:00:00Z")

describe("retryAfterMsOf", () => {
  test.each([
    [{ "retry-after-ms": "19423", "retry-after": "20" }, 19_423],
    [{ "x-ms-retry-after-ms": "250" }, 250],
    [{ "retry-after": "20" }, 20_000],
    [{ "retry-after": "0" }, 0],
    [{ "retry-after": "1.5" }, 1_500],
    [{ "retry-after": "Fri, 20 Nov 2026 18:00:07 GMT" }, 7_000],
    [{ "retry-after": "Fri, 20 Nov 2026 17:00:00 GMT" }, 0],
    [{ "retry-after-ms": "soon", "retry-after": "3" }, 3_000],
    [{ "retry-after": ["4", "5"] }, 4_000],
  ])("reads %j", (headers, expected) => {
    expect(retryAfterMsOf(headers, nowMs)).toBe(expected)
  })

  test.each([{}, { "retry-after": "" }, { "retry-after": "-5" }, { "retry-after": "later" }, { "retry-after-ms": "-1" }])(
    "%j says nothing",
    (headers) => {
      expect(retryAfterMsOf(headers, nowMs)).toBeNull()
    },
  )

  test("judges a date by the server's clock, not by ours", () => {
    const headers = { date: "Fri, 20 Nov 2026 20:00:00 GMT", "retry-after": "Fri, 20 Nov 2026 20:00:30 GMT" }
    expect(retryAfterMsOf(headers, nowMs)).toBe(30_000)
  })
})

describe("retryAfterMsInWords", () => {
  test.each([
    ["Please try again in 20s. Visit ..", 20_000],
    ["Please try again in 6m0s.", 360_000],
    ["Please try again in 12ms.", 12],
    ["Please retry in 36.412s.", 36_412],
    ["Please retry after 6 seconds.", 6_000],
    ["Please retry after 1 second.", 1_000],
    ["retry after 300 milliseconds", 300],
    ["Try again in 2 minutes", 120_000],
    ["Please retry after 7 days.", 604_800_000],
  ])("reads %j", (words, expected) => {
    expect(retryAfterMsInWords(words)).toBe(expected)
  })

  test.each(["Please try again later.", "Please retry after 7 fortnights.", "Limit 30000, Used 29731", "retry after 7"])(
    "%j names no time",
    (words) => {
      expect(retryAfterMsInWords(words)).toBeNull()
    },
  )
})
