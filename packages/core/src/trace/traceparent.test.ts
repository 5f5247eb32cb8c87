import { expect, test } from "vitest"
import { validTraceparent } from "./traceparent.ts"

const valid = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"

test("keeps a valid traceparent", () => {
  expect(validTraceparent(valid)).toBe(valid)
})

test.each([
  undefined,
  "",
  [valid],
  `${valid}-extra`,
  valid.toUpperCase(),
  "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
  "00-00000000000000000000000000000000-b7ad6b7169203331-01",
  "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
])("leaves out %j", (header) => {
  expect(validTraceparent(header)).toBeNull()
})
