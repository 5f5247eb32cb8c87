import { expect, test } from "vitest"
import { stacked } from "./stacked.ts"

test("puts each series upon those before it, over gaps", () => {
  expect(stacked([{ values: [1, null, 3, null] }, { values: [10, 20, null, null] }])).toEqual([
    [1, 0, 3, null],
    [11, 20, 3, null],
  ])
})
