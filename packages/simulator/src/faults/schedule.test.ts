import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { createSchedule, outcomeKinds, totalRate } from "./schedule.ts"

const seeds = fc.integer({ min: 0, max: 0xffff_ffff })
/** Rates of up to five kinds that add up to at most 1. */
const someRates = fc
  .uniqueArray(fc.constantFrom(...outcomeKinds), { maxLength: 5 })
  .chain((kinds) => fc.record(Object.fromEntries(kinds.map((kind) => [kind, fc.double({ min: 0, max: 0.2, noNaN: true })]))))

describe("a schedule", () => {
  test("is a pure function of seed and position: neither order nor repetition changes it", () => {
    fc.assert(
      fc.property(seeds, someRates, fc.shuffledSubarray([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]), (seed, rates, order) => {
        const schedule = createSchedule({ seed, rates })
        const inOrder = new Map([1, 2, 3, 4, 5, 6, 7, 8, 9, 10].map((position) => [position, schedule(position)]))
        const again = createSchedule({ seed, rates })
        for (const position of order) expect(again(position)).toBe(inOrder.get(position))
      }),
    )
  })

  test("gives only outcomes that have a rate, or ok", () => {
    fc.assert(
      fc.property(seeds, someRates, fc.integer({ min: 1, max: 1_000_000 }), (seed, rates, position) => {
        const kind = createSchedule({ seed, rates })(position)
        expect(kind === "ok" || (rates[kind] ?? 0) > 0).toBe(true)
      }),
    )
  })

  test("gives each outcome about as often as its rate says", () => {
    const rates = { rate_limited: 0.05, unavailable: 0.04, hang: 0.03, reset: 0.01 }
    const schedule = createSchedule({ seed: 7, rates })
    const counts = new Map<string, number>()
    const calls = 50_000
    for (let position = 1; position <= calls; position++) counts.set(schedule(position), (counts.get(schedule(position)) ?? 0) + 1)
    for (const [kind, rate] of Object.entries(rates)) expect((counts.get(kind) ?? 0) / calls).toBeCloseTo(rate, 2)
    expect((counts.get("ok") ?? 0) / calls).toBeCloseTo(0.87, 2)
  })

  test("with a rate of 1 never gives anything else", () => {
    const schedule = createSchedule({ seed: 3, rates: { hang: 1 } })
    for (let position = 1; position <= 1000; position++) expect(schedule(position)).toBe("hang")
  })

  test("differs by seed", () => {
    const fates = [1, 2].map((seed) => {
      const schedule = createSchedule({ seed, rates: { hang: 0.5 } })
      return Array.from({ length: 64 }, (_, index) => schedule(index + 1)).join()
    })
    expect(fates[0]).not.toBe(fates[1])
  })
})

test("totalRate adds up what is named", () => {
  expect(totalRate({ hang: 0.25, reset: 0.5 })).toBe(0.75)
})
