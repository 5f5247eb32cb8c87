import fc from "fast-check"
import { expect, test } from "vitest"
import { createPace } from "./pace.ts"

test("over any time no more is taken than its seconds allow, and one second's more; a quick look loses no fractions", () => {
  const steps = fc.array(fc.record({ afterMs: fc.nat(3_000), max: fc.integer({ min: 1, max: 300 }) }), { minLength: 1, maxLength: 50 })
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 200 }), steps, (perSecond, script) => {
      let now = 0
      const pace = createPace(() => new Date(now))
      const taken = [{ at: 0, count: pace.take({ id: "a", perSecond, max: 1_000 }) }]
      for (const { afterMs, max } of script) {
        now += afterMs
        taken.push({ at: now, count: pace.take({ id: "a", perSecond, max }) })
      }
      for (const [index, { at: from }] of taken.entries()) {
        const total = taken.slice(index + 1).reduce((sum, { count }) => sum + count, 0)
        expect(total).toBeLessThanOrEqual(Math.ceil(((now - from) * perSecond) / 1_000) + perSecond)
      }
    }),
  )
  let now = 0
  const pace = createPace(() => new Date(now))
  let total = 0
  for (let step = 0; step <= 100; step += 1) {
    total += pace.take({ id: "a", perSecond: 3, max: 10 })
    now += 100
  }
  expect(total).toBeGreaterThanOrEqual(29)
  expect(total).toBeLessThanOrEqual(30)
})
