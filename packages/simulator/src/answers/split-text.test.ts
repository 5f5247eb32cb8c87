import fc from "fast-check"
import { expect, test } from "vitest"
import { splitText } from "./split-text.ts"

test("the pieces make up the text, none is empty, and none splits a character", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), fc.integer({ min: 1, max: 20 }), (text, size) => {
      const pieces = splitText(text, size)
      expect(pieces.join("")).toBe(text)
      for (const piece of pieces) {
        expect(piece).not.toBe("")
        expect(piece.length).toBeLessThanOrEqual(size + 1)
        expect(piece.isWellFormed()).toBe(true)
      }
    }),
  )
})
