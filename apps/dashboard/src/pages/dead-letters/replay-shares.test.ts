import { expect, test } from "vitest"
import { sharesOf } from "./replay-shares.ts"

const counts = { matched: 100, requeued: 40, succeeded: 30, failed: 5, cancelled: 1, skipped: 10 }

test("a replay is as far as what has begun and what was skipped", () => {
  expect(sharesOf(counts)).toEqual({ started: 0.5, succeeded: 0.3, failed: 0.05, atWork: 4 })
})

test("one that matched nothing is over, and counts that overtake each other make no bar longer than the whole", () => {
  expect(sharesOf({ ...counts, matched: 0 })).toMatchObject({ started: 1, succeeded: 0 })
  expect(sharesOf({ ...counts, matched: 20, requeued: 4 })).toMatchObject({ succeeded: 1, atWork: 0 })
})
