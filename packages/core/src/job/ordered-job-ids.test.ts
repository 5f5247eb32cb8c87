import fc from "fast-check"
import { expect, test } from "vitest"
import { jobId } from "../contract/scalars.ts"
import { createOrderedJobIds } from "./ordered-job-ids.ts"

test("ids sort in the order in which they were made, also within a millisecond, and when the clock goes back", () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.integer({ min: -5, max: 5 }), fc.integer({ min: 1, max: 5_000 })), { minLength: 1, maxLength: 3 }),
      (steps) => {
        const next = createOrderedJobIds()
        let nowMs = Date.parse("2026-01-01T00:00:00.000Z")
        const ids = steps.flatMap(([stepMs, count]) => {
          nowMs += stepMs
          return Array.from({ length: count }, () => next(new Date(nowMs)))
        })
        expect(ids).toEqual(ids.toSorted())
        expect(new Set(ids).size).toBe(ids.length)
        for (const id of ids.slice(0, 3)) expect(jobId.safeParse(id).success).toBe(true)
      },
    ),
    { numRuns: 8 },
  )
})
