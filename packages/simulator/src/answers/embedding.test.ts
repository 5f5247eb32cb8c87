import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { embed, toBase64Floats } from "./embedding.ts"

function cosine(left: readonly number[], right: readonly number[]): number {
  return left.reduce((sum, value, index) => sum + value * (right[index] ?? 0), 0)
}

describe("an embedding", () => {
  test("is a vector of length 1 in the dimensions asked for", () => {
    fc.assert(
      fc.property(fc.string(), fc.integer({ min: 1, max: 300 }), (text, dimensions) => {
        const vector = embed(text, dimensions)
        expect(vector).toHaveLength(dimensions)
        expect(cosine(vector, vector)).toBeCloseTo(1, 9)
      }),
    )
  })

  test("does not depend on the order or the case of words", () => {
    expect(cosine(embed("the cat sat on the mat", 256), embed("On the mat the CAT sat.", 256))).toBeCloseTo(1, 9)
  })

  test("is nearer for a text that shares words than for one that shares none", () => {
    const text = embed("how do I reset my password", 256)
    const similar = cosine(text, embed("how can I reset the password", 256))
    const different = cosine(text, embed("quarterly revenue grew by eight percent", 256))
    expect(similar).toBeGreaterThan(0.5)
    expect(Math.abs(different)).toBeLessThan(0.3)
  })

  test("does not change between versions", () => {
    expect(embed("stable", 8).map((value) => Number(value.toFixed(3)))).toEqual([0, 0, 0, -0.816, 0.408, 0, 0.408, 0])
  })
})

test("base64 holds little-endian 32-bit floats", () => {
  const bytes = Buffer.from(toBase64Floats([1, -0.5]), "base64")
  expect([bytes.readFloatLE(0), bytes.readFloatLE(4), bytes.length]).toEqual([1, -0.5, 8])
})
