import { describe, expect, test } from "vitest"
import { fairStep } from "./fair-step.ts"

describe("fairStep", () => {
  test("interactive, standard and bulk share as 16 : 4 : 1", () => {
    const steps = (["interactive", "standard", "bulk"] as const).map((priority) => fairStep({ priority }))
    expect(steps).toEqual([1_000, 4_000, 16_000])
  })

  test("is the smaller the larger the weight, in proportion", () => {
    expect(fairStep({ priority: "standard", weight: 2 })).toBe(2_000)
    expect(fairStep({ priority: "standard", weight: 0.5 })).toBe(8_000)
    expect(fairStep({ priority: "interactive", weight: 1_000 })).toBe(1)
  })

  test("is whole, and bounded whatever the weight", () => {
    expect(fairStep({ priority: "standard", weight: 3 })).toBe(1_333)
    expect(fairStep({ priority: "interactive", weight: 1e9 })).toBe(1)
    expect(fairStep({ priority: "bulk", weight: 1e-9 })).toBe(1_600_000)
  })
})
