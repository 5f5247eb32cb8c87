import { describe, expect, test } from "vitest"
import { formatShare, formatUsd } from "./numbers.ts"

describe("formatUsd", () => {
  test.each([
    [0, "$0"],
    [0.000119, "$0.000119"],
    [0.0123456, "$0.0123"],
    [0.5, "$0.50"],
    [1.236, "$1.24"],
  ])("%d is %s", (value, text) => {
    expect(formatUsd(value)).toBe(text)
  })
})

describe("formatShare", () => {
  test.each([
    [1, "100 %"],
    [0, "0 %"],
    [0.75, "75 %"],
    [0.07, "7 %"],
    [0.99999, ">99.99 %"],
    [0.9962, "99.62 %"],
    [0.123, "12.3 %"],
  ])("%d is %s", (share, text) => {
    expect(formatShare(share)).toBe(text)
  })
})
