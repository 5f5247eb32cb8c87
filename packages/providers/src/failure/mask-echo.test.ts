import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { maskEcho } from "./mask-echo.ts"

describe("maskEcho", () => {
  test("masks a whole text, however short, wherever it stands", () => {
    expect(maskEcho("Invalid 'Hello 429' and 'Hello 429'.", ["Hello 429"])).toBe("Invalid '[input]' and '[input]'.")
  })

  test("masks the part of a long text that was repeated, to its ends", () => {
    const text = `${"The river rose by four metres in the night. ".repeat(40)}END`
    const echo = text.slice(700, 900)
    expect(maskEcho(`Cannot use: "${echo}", sorry.`, [text])).toBe('Cannot use: "[input]", sorry.')
  })

  test("masks what several texts gave, also where they overlap", () => {
    const texts = ["alpha beta gamma delta", "gamma delta epsilon zeta"]
    expect(maskEcho("see alpha beta gamma delta epsilon zeta!", texts)).toBe("see [input]!")
  })

  test("leaves the provider's own words alone", () => {
    const words = "This model's maximum context length is 4096 tokens."
    expect(maskEcho(words, ["Write a poem about tokens", "tokens", ""])).toBe(words)
  })

  test("leaves nothing of 39 repeated characters or more", () => {
    const lowerCase = fc.string({ unit: fc.constantFrom(..."abcdefghij "), minLength: 39, maxLength: 300 })
    fc.assert(
      fc.property(lowerCase, fc.nat(), fc.nat(), (text, from, length) => {
        const start = from % (text.length - 38)
        const echo = text.slice(start, start + 39 + (length % 200))
        const masked = maskEcho(`<<${echo}>>`, [text])
        expect(masked).not.toContain(echo)
        expect(masked.startsWith("<<") && masked.endsWith(">>")).toBe(true)
        expect(masked.replaceAll("[input]", "").length).toBeLessThanOrEqual(4 + 38)
      }),
    )
  })

  test("changes nothing outside of what is repeated", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 200 }), fc.array(fc.string({ maxLength: 60 }), { maxLength: 4 }), (message, texts) => {
        const kept = maskEcho(message, texts).split("[input]")
        let position = 0
        for (const part of kept) {
          const found = message.indexOf(part, position)
          expect(found).toBeGreaterThanOrEqual(position)
          position = found + part.length
        }
      }),
    )
  })

  test("copes with input as large as a job may be, and as repetitive", () => {
    const huge = "a".repeat(8 * 1024 * 1024)
    expect(maskEcho("a".repeat(4_000), [huge])).toBe("[input]")
  })
})
