import { expect, test } from "vitest"
import { pathOf } from "./sparkline.tsx"

test("goes from the left to the right, highest at the top, and leaves gaps", () => {
  expect(pathOf([0, 5, null, 10, 0])).toBe("M0 23L25 12M75 1L100 23")
  expect(pathOf([])).toBe("")
  expect(pathOf([0, 0])).toBe("M0 23L100 23")
})
