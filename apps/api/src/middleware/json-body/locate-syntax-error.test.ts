import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { locateSyntaxError } from "./locate-syntax-error.ts"

function parses(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

describe("locateSyntaxError", () => {
  test.each([
    ["", 0],
    ["{", 1],
    ['{"a"', 4],
    ['{"a":', 5],
    ['{"a":1,}', 7],
    ["{'a':1}", 1],
    ["{a:1}", 1],
    ["[1,]", 3],
    ["[1 2]", 3],
    ["[1}", 2],
    ["01", 1],
    ["1.", 1],
    ["-", 0],
    ["+1", 0],
    ["nul", 0],
    ["NaN", 0],
    ["1 1", 2],
    ['"a', 2],
    ['"\\x"', 1],
    ['"\\u12"', 1],
    ['"a\nb"', 2],
    ["[1] // no", 4],
    ["\u00a01", 0],
  ])("stops reading %j at %i", (text, position) => {
    expect(locateSyntaxError(text)).toBe(position)
  })

  test("finds nothing wrong with JSON", () => {
    fc.assert(
      fc.property(fc.json(), fc.constantFrom(undefined, 2, "\t"), (text, space) => {
        expect(locateSyntaxError(JSON.stringify(JSON.parse(text), null, space))).toBeNull()
      }),
    )
  })

  test("agrees with JSON.parse about damaged JSON, and what it takes before the damage can be completed", () => {
    const damage = fc.tuple(fc.json(), fc.nat(), fc.nat({ max: 3 }), fc.string({ maxLength: 3 }))
    fc.assert(
      fc.property(damage, ([json, at, removed, inserted]) => {
        const start = at % (json.length + 1)
        const text = json.slice(0, start) + inserted + json.slice(start + removed)
        const position = locateSyntaxError(text)
        expect(position === null).toBe(parses(text))
        // Whatever is cut off at the position has to be incomplete at worst, not wrong.
        if (position !== null) expect(locateSyntaxError(text.slice(0, position)) ?? position).toBe(position)
      }),
      { numRuns: 2_000 },
    )
  })

  test("bears nesting and strings of any size", () => {
    expect(locateSyntaxError("[".repeat(1_000_000))).toBe(1_000_000)
    expect(locateSyntaxError(`"${"\\n".repeat(1_000_000)}`)).toBe(2_000_001)
  })
})
