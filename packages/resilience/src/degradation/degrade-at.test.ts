import { expect, test } from "vitest"
import { degradeAtMs } from "./degrade-at.ts"

test("the clock starts with the outage or with the job, whichever is later", () => {
  expect(degradeAtMs({ unavailableSinceMs: 1_000, eligibleAtMs: 500, degradeAfterMs: 30_000 })).toBe(31_000)
  expect(degradeAtMs({ unavailableSinceMs: 1_000, eligibleAtMs: 9_000, degradeAfterMs: 30_000 })).toBe(39_000)
})

test("a tier that is merely busy never degrades a job", () => {
  expect(degradeAtMs({ unavailableSinceMs: null, eligibleAtMs: 0, degradeAfterMs: 0 })).toBeNull()
})
