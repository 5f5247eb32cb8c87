import fc from "fast-check"
import { expect, test } from "vitest"
import { composeText } from "./compose-text.ts"
import { estimateTokens } from "./token-estimate.ts"

const plain = { style: "echo", text: null, outputTokens: null } as const

test("a summary gives the first words and their number", () => {
  const prompt = Array.from({ length: 20 }, (_, index) => `w${index}`).join(" ")
  expect(composeText(prompt, { ...plain, style: "summary" })).toBe(
    `In short: ${prompt.split(" ").slice(0, 16).join(" ")} and so on (20 words).`,
  )
  expect(composeText("Just three words", { ...plain, style: "summary" })).toBe("In short: Just three words (3 words).")
})

test("a fixed text is said whatever the prompt", () => {
  expect(composeText("anything", { ...plain, text: "Always this." })).toBe("Always this.")
})

test("a text of a set length has just that many tokens", () => {
  fc.assert(
    fc.property(fc.string(), fc.integer({ min: 1, max: 500 }), (prompt, outputTokens) => {
      const text = composeText(prompt, { ...plain, outputTokens })
      expect(estimateTokens(text.length)).toBe(outputTokens)
      expect(text.length).toBe(outputTokens * 4)
    }),
  )
})
