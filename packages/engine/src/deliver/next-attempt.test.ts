import fc from "fast-check"
import { expect, test } from "vitest"
import { nextAttemptAt } from "./next-attempt.ts"

const now = new Date("2026-01-01T00:00:00.000Z")
const waits = fc.array(fc.integer({ min: 0, max: 40_000_000 }), { minLength: 1, maxLength: 12 })
const random = fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true })

test("makes as many tries as the schedule has waits, each no earlier and at most a tenth later than it says", () => {
  fc.assert(
    fc.property(waits, random, (scheduleMs, chance) => {
      for (let triesMade = 1; triesMade <= scheduleMs.length; triesMade += 1) {
        const next = nextAttemptAt({ scheduleMs, triesMade, retryAfterMs: null, now, random: () => chance })
        const wait = scheduleMs[triesMade]
        if (wait === undefined) expect(next).toBeNull()
        else {
          expect(next?.getTime()).toBeGreaterThanOrEqual(now.getTime() + wait)
          expect(next?.getTime()).toBeLessThanOrEqual(now.getTime() + Math.round(wait * 1.1))
        }
      }
    }),
  )
})

test("the receiver's word wins over a shorter wait, up to a day", () => {
  const at = (retryAfterMs: number) => nextAttemptAt({ scheduleMs: [0, 5_000], triesMade: 1, retryAfterMs, now, random: () => 0 })
  expect(at(4_000)).toEqual(new Date(now.getTime() + 5_000))
  expect(at(60_000)).toEqual(new Date(now.getTime() + 60_000))
  expect(at(1e12)).toEqual(new Date(now.getTime() + 86_400_000))
})
