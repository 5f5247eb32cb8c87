import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { noSignal } from "../testing/answer-cache-harness.ts"
import { createLexicalSimilarity } from "./lexical-similarity.ts"
import { cosine, maxDimensions } from "./similarity.ts"
import { tokensOf, wordsOf } from "./tokens.ts"

const lexical = createLexicalSimilarity()

async function similarity(one: string, other: string): Promise<number> {
  const vectors = await Promise.all([one, other].map((text) => lexical.vectorOf(text, noSignal)))
  const [a, b] = vectors
  if (!a || !b) throw new Error("One of them has nothing to compare")
  return cosine(a, b)
}

const word = fc.string({ minLength: 1, maxLength: 12 }).filter((text) => /\p{L}/u.test(text))
const text = fc.array(word, { minLength: 1, maxLength: 60 }).map((words) => words.join(" "))

describe("lexical similarity", () => {
  test("of a text with itself is 1, and the same in both directions", async () => {
    await fc.assert(
      fc.asyncProperty(text, text, async (one, other) => {
        expect(await similarity(one, one)).toBe(1)
        const there = await similarity(one, other)
        expect(await similarity(other, one)).toBe(there)
        expect(Math.abs(there)).toBeLessThanOrEqual(1)
      }),
    )
  })

  test("makes unit vectors of a bounded size, the same every time, by every instance", async () => {
    await fc.assert(
      fc.asyncProperty(text, async (one) => {
        const vector = await lexical.vectorOf(one, noSignal)
        expect(vector).toHaveLength(maxDimensions)
        expect(Math.hypot(...(vector ?? []))).toBeCloseTo(1, 5)
        expect(await createLexicalSimilarity().vectorOf(one, noSignal)).toEqual(vector)
      }),
      { numRuns: 50 },
    )
    expect(createLexicalSimilarity().space).toBe(lexical.space)
  })

  test("has nothing to say of a text without a sign", async () => {
    expect(await lexical.vectorOf(" \n\t ", noSignal)).toBeNull()
  })

  test.each([
    ["What are your opening hours?", "what are your   opening hours"],
    ["Where is my order? It should have come on Monday.", "where is my order, it should have come on monday"],
    [
      "\u4eca\u65e5\u306e\u5929\u6c17\u306f\u3069\u3046\u3067\u3059\u304b",
      "\u4eca\u65e5\u306e\u5929\u6c17\u306f\u3069\u3046\u3067\u3059\u304b\uff1f",
    ],
  ])("is above 0.95 where only the spelling differs: %s", async (one, other) => {
    expect(await similarity(one, other)).toBeGreaterThan(0.95)
  })

  test.each([
    ["How do I reset my password?", "How do I cancel my subscription?"],
    ["What is the price of 100 shares?", "What is the price of 200 shares?"],
    ["Write a poem about the sea", "Translate this contract into French"],
    [
      "\u4eca\u65e5\u306e\u5929\u6c17\u306f\u3069\u3046\u3067\u3059\u304b",
      "\u660e\u65e5\u306e\u4f1a\u8b70\u306f\u4f55\u6642\u3067\u3059\u304b",
    ],
  ])("is below 0.7 where something else is asked: %s / %s", async (one, other) => {
    expect(await similarity(one, other)).toBeLessThan(0.7)
  })

  test.each([
    ["dog bites man", "man bites dog"],
    ["Is it safe to eat?", "Is it not safe to eat?"],
    ["2+2", "2-2"],
  ])("is below 0.95 for %s and %s", async (one, other) => {
    expect(await similarity(one, other)).toBeLessThan(0.95)
  })

  test("is decided by figures more than by words", async () => {
    expect(await similarity("What is the price of 100 shares?", "What is the price of 200 shares?")).toBeLessThan(0.45)
  })

  test("sees a word through a typing error", async () => {
    expect(await similarity("umbrella", "umbrela")).toBeGreaterThan(0.1)
    expect(await similarity("umbrella", "cucumber")).toBeLessThan(0.05)
  })

  test("of unrelated texts is low", async () => {
    const vocabulary = (letter: string) => fc.array(fc.stringMatching(new RegExp(`^[${letter}]{3,9}$`)), { minLength: 30, maxLength: 60 })
    await fc.assert(
      fc.asyncProperty(vocabulary("a-m"), vocabulary("n-z"), async (one, other) => {
        expect(Math.abs(await similarity(one.join(" "), other.join(" ")))).toBeLessThan(0.35)
      }),
    )
  })

  test("grows when one word less differs", async () => {
    const original = "please send the blue umbrella to my new office address before Friday evening"
    const twoOff = original.replace("blue", "green").replace("Friday", "Monday")
    expect(await similarity(original, original.replace("blue", "green"))).toBeGreaterThan(await similarity(original, twoOff))
  })
})

test("tokens are words of any script, and all other signs one by one", () => {
  expect(tokensOf("Don\u2019t pay 3.50 \u20ac, na\u00efve! E=mc\u00b2 \ud83d\udc4d")).toEqual([
    ..."don\u2019t pay 3 . 50 \u20ac , na\u00efve ! e = mc2 \ud83d\udc4d".split(" "),
  ])
  expect(wordsOf("abc\u65e5\u672c, \ud55c\uad6d\uc5b4 -- \u0e2a\u0e27\u0e31")).toEqual([
    "abc",
    "\u65e5",
    "\u672c",
    "\ud55c\uad6d\uc5b4",
    "\u0e2a",
    "\u0e27\u0e31",
  ])
})
