import { expect, test } from "vitest"
import { stacked } from "./stacked.ts"

test("puts each series upon those before it, over gaps", () => {
  expect(stacked([{ values: [1, null, 3] }, { values: [10, 20, null] }])).toEqual([
    [1, 0, 3],
    [11, 20, 3],
  ])
})
