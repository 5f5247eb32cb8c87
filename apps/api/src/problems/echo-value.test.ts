import { expect, test } from "vitest"
import { echoValue } from "./echo-value.ts"

test.each([
  ["bot", '"bot"'],
  ['a"b\n', '"a\\"b\\n"'],
  [3, "3"],
  [true, "true"],
  [null, "null"],
  [[1], "an array"],
  [{ a: 1 }, "an object"],
])("%j is shown as %s", (value, shown) => {
  expect(echoValue(value)).toBe(shown)
})

test("cuts long texts", () => {
  expect(echoValue("x".repeat(1_000))).toBe(`"${"x".repeat(80)}…"`)
})
