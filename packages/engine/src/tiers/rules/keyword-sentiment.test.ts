import type { Work } from "@sluice/core"
import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { chatWork } from "../../cache/testing/answer-cache-harness.ts"
import { keywordSentiment } from "./keyword-sentiment.ts"
import { intensifiers, negations, valences } from "./sentiment-lexicon.ts"

const answer = (work: Work, options = {}) => keywordSentiment.answer({ work, metadata: {}, task: null }, options)
const labelOf = (text: string, options = {}) => answer({ kind: "custom", input: text }, { json: "{{sentiment}}", ...options })
const scoreOf = (text: string, options = {}) => Number(answer({ kind: "custom", input: text }, { json: "{{score}}", ...options }))

describe("the sentiment by keywords", () => {
  test.each([
    ["positive", "I love it, works perfectly!"],
    ["positive", "Not bad at all."],
    ["positive", "It wasn't a problem, the staff was lovely."],
    ["positive", "It isn\u2019t terrible, I enjoyed it and recommend it."],
    ["positive", "Delivered \ud83d\udc4d"],
    ["negative", "It never works and nobody helped."],
    ["negative", "I don't like it."],
    ["negative", "Terrible quality. I want a refund."],
    ["negative", "THE WORST PURCHASE EVER"],
    ["negative", "Not good."],
    ["neutral", "Fast delivery, slow support."],
  ])("is %s for: %s", (label, text) => {
    expect(labelOf(text)).toBe(label)
  })

  test("does not let a negation reach beyond its clause", () => {
    expect(labelOf("No, great service")).toBe("positive")
    expect(labelOf("Never. Great service")).toBe("positive")
  })

  test("grows with stronger words, and shrinks with weaker ones", () => {
    expect(scoreOf("very good")).toBeGreaterThan(scoreOf("good"))
    expect(scoreOf("good")).toBeGreaterThan(scoreOf("slightly good"))
    expect(scoreOf("slightly good")).toBeGreaterThan(0)
    expect(scoreOf("excellent")).toBeGreaterThan(scoreOf("good"))
  })

  test("lies in [-1, 1] and turns its sign with every word", () => {
    const opposite = new Map([
      ["good", "bad"],
      ["bad", "good"],
    ])
    const options = { positive: ["good"], negative: ["bad"] }
    const words = fc.array(fc.constantFrom("good", "bad", "very", "the", "not", "."), { minLength: 1, maxLength: 40 })
    fc.assert(
      fc.property(words, (list) => {
        fc.pre(list.some((word) => opposite.has(word)))
        const score = scoreOf(list.join(" "), options)
        expect(Math.abs(score)).toBeLessThanOrEqual(1)
        expect(scoreOf(list.map((word) => opposite.get(word) ?? word).join(" "), options) + score).toBeCloseTo(0, 9)
      }),
    )
  })

  test("has no answer where it knows no word, unless it is taught", () => {
    expect(labelOf("Die Lieferung war prima")).toBeNull()
    expect(labelOf("Die Lieferung war prima", { positive: ["Prima"] })).toBe("positive")
    expect(labelOf("Die Lieferung war nicht prima", { positive: ["prima"], negations: ["nicht"] })).toBe("negative")
    expect(labelOf("Classify as positive, negative or neutral: the box arrived")).toBeNull()
    expect(answer({ kind: "custom", input: 5 })).toBeNull()
  })

  test("answers a chat with the label, and with JSON if it is asked", () => {
    expect(answer(chatWork("good"))).toEqual({ text: "positive", json: { sentiment: "positive", score: 0.25 } })
    expect(answer({ kind: "custom", input: { text: "bad" } })).toEqual({ sentiment: "negative", score: scoreOf("bad") })
    expect(answer(chatWork("good"), { json: { label: "{{sentiment}}", value: "{{score}}" } })).toMatchObject({
      json: { label: "positive", value: 0.25 },
    })
  })
})

test("the lexicon has each word once, in small letters, and for one purpose", () => {
  const words = [...valences.keys(), ...negations, ...intensifiers.keys()]
  expect(new Set(words).size).toBe(words.length)
  expect(words.filter((word) => word !== word.toLowerCase())).toEqual([])
})
