import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { seededFraction } from "./seeded-fraction.ts"

const seeds = fc.integer({ min: 0, max: 0xffff_ffff })
const positions = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER })

describe("seededFraction", () => {
  test("is in [0, 1) and depends on nothing but its arguments", () => {
    fc.assert(
      fc.property(seeds, positions, (seed, position) => {
        const fraction = seededFraction(seed, position, "outcome")
        seededFraction(seed, position + 1, "outcome")
        expect(fraction).toBeGreaterThanOrEqual(0)
        expect(fraction).toBeLessThan(1)
        expect(seededFraction(seed, position, "outcome")).toBe(fraction)
      }),
    )
  })

  test("keeps its values, so that a seed in a report means the same next year", () => {
    const fractions = [1, 2, 3].map((position) => seededFraction(7, position, "outcome").toFixed(6))
    expect(fractions).toEqual(["0.565259", "0.524242", "0.083859"])
  })

  test.each([0, 1, 7, 0xffff_ffff])("is spread evenly over its range for seed %i", (seed) => {
    const bins = new Array<number>(10).fill(0)
    for (let position = 1; position <= 20_000; position++) {
      const bin = Math.floor(seededFraction(seed, position, "outcome") * 10)
      bins[bin] = (bins[bin] ?? 0) + 1
    }
    for (const count of bins) expect(count).toBeGreaterThan(1800)
  })

  test("differs between neighbouring positions, seeds and purposes", () => {
    const one = seededFraction(1, 1, "outcome")
    expect(new Set([one, seededFraction(1, 2, "outcome"), seededFraction(2, 1, "outcome"), seededFraction(1, 1, "jitter")]).size).toBe(4)
  })

  test("tells positions apart that differ only above 32 bits", () => {
    expect(seededFraction(1, 5, "outcome")).not.toBe(seededFraction(1, 5 + 2 ** 32, "outcome"))
  })
})
