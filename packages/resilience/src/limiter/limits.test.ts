import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { configureLimits, knownPerMinute, reportLimits, unknownLimits, usablePerMinute, usableShare } from "./limits.ts"

const none = { requests: null, tokens: null }

describe("configured limits", () => {
  test("of the newest version win, whichever comes first", () => {
    const older = { requests: 1_000, tokens: 50_000 }
    const newer = { requests: 300, tokens: null }
    const upwards = configureLimits(configureLimits(unknownLimits, 1, older), 2, newer)
    const downwards = configureLimits(configureLimits(unknownLimits, 2, newer), 1, older)
    expect(upwards).toEqual(downwards)
    expect(knownPerMinute(upwards)).toEqual(newer)
  })

  test("of one version come together to the lowest, since endpoints of one group may be configured differently", () => {
    const one = configureLimits(unknownLimits, 1, { requests: 500, tokens: null })
    const both = configureLimits(one, 1, { requests: null, tokens: 9_000 })
    expect(knownPerMinute(both)).toEqual({ requests: 500, tokens: 9_000 })
    expect(knownPerMinute(configureLimits(both, 1, { requests: 200, tokens: 10_000 }))).toEqual({ requests: 200, tokens: 9_000 })
  })

  test("are the same object when nothing has changed", () => {
    const limits = configureLimits(unknownLimits, 1, { requests: 500, tokens: null })
    expect(configureLimits(limits, 1, { requests: 500, tokens: null })).toBe(limits)
    expect(configureLimits(limits, 0, { requests: 1, tokens: 1 })).toBe(limits)
  })
})

describe("reported limits", () => {
  const limit = fc.option(fc.integer({ min: -1, max: 1_000 }), { nil: null })

  test("never raise what is configured, and stand in where nothing is", () => {
    fc.assert(
      fc.property(limit, limit, (configured, reported) => {
        const valid = configured !== null && configured > 0 ? configured : null
        const limits = reportLimits(configureLimits(unknownLimits, 1, { ...none, requests: valid }), { ...none, requests: reported })
        const usable = usablePerMinute(limits).requests
        const lowest = Math.min(valid ?? Number.POSITIVE_INFINITY, reported !== null && reported > 0 ? reported : Number.POSITIVE_INFINITY)
        expect(usable ?? Number.POSITIVE_INFINITY).toBe(lowest * usableShare)
      }),
    )
  })

  test("stay when the provider says nothing, or nonsense", () => {
    const told = reportLimits(unknownLimits, { requests: 60, tokens: 1_000 })
    expect(reportLimits(told, none)).toEqual(told)
    expect(reportLimits(told, { requests: -1, tokens: 0 })).toEqual(told)
    expect(knownPerMinute(reportLimits(told, { requests: 600, tokens: null }))).toEqual({ requests: 600, tokens: 1_000 })
  })
})
