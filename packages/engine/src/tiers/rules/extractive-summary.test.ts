import type { Json, Work } from "@sluice/core"
import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { chatWork } from "../../cache/testing/answer-cache-harness.ts"
import { extractiveSummary } from "./extractive-summary.ts"
import { centralities } from "./sentence-graph.ts"
import { sentencesOf } from "./sentences.ts"

const answer = (work: Work, options = {}) => extractiveSummary.answer({ work, metadata: {}, task: null }, options)
const summaryOf = (text: string, options = {}): Json => answer({ kind: "custom", input: text }, { json: "{{summary}}", ...options })

const article = [
  "The river flooded the old town on Tuesday after three days of rain.",
  "The mayor was wearing a green hat.",
  "Rescue teams brought two hundred people out of the flooded old town.",
  "My cousin prefers coffee without milk.",
  "After the rain the river in the old town stood two metres above its usual level.",
  "Someone had left a bicycle at the station.",
].join(" ")

describe("the extractive summary", () => {
  test("takes the sentences that say what the text is about, in their order", () => {
    expect(summaryOf(article, { sentences: 2 })).toBe(
      "The river flooded the old town on Tuesday after three days of rain. After the rain the river in the old town stood two metres above its usual level.",
    )
  })

  test("does so in a language without blanks", () => {
    const sentences = [
      "\u6771\u4eac\u3067\u5927\u96e8\u304c\u964d\u308a\u307e\u3057\u305f\u3002",
      "\u732b\u304c\u597d\u304d\u3067\u3059\u3002",
      "\u6771\u4eac\u306e\u5927\u96e8\u3067\u96fb\u8eca\u304c\u6b62\u307e\u308a\u307e\u3057\u305f\u3002",
      "\u5927\u96e8\u306e\u6771\u4eac\u3067\u96fb\u8eca\u306f\u307e\u3060\u6b62\u307e\u3063\u3066\u3044\u307e\u3059\u3002",
    ]
    const summary = summaryOf(sentences.join(""), { sentences: 2 })
    expect(summary).not.toContain(sentences[1])
    expect(summary).toContain(sentences[2])
  })

  test("leaves out what only announces the text", () => {
    const summary = summaryOf(`The rain, the river and the flooded old town on Tuesday:\n${article}`, { sentences: 3 })
    expect(summary).not.toContain("The rain,")
    expect(summary).toContain("The river flooded the old town on Tuesday")
  })

  test("takes a sentence that stands twice once", () => {
    const twice = "The river flooded the old town on Tuesday."
    expect(summaryOf(`${twice} ${article} ${twice}`, { sentences: 4 })).toMatch(
      /^(?:(?!on Tuesday\.).)*on Tuesday\.(?:(?!on Tuesday\.).)*$/,
    )
  })

  test("is made of whole sentences of the text, at most half of them, none twice, and not too long", () => {
    const sentence = fc.array(fc.constantFrom("river", "town", "rain", "hat", "milk", "train", "rescue", "level"), {
      minLength: 4,
      maxLength: 9,
    })
    const text = fc.array(sentence, { minLength: 2, maxLength: 30 })
    fc.assert(
      fc.property(text, fc.integer({ min: 1, max: 10 }), fc.integer({ min: 40, max: 300 }), (sentences, count, maxChars) => {
        const written = sentences.map(([first = "", ...rest]) => `${first.charAt(0).toUpperCase()}${first.slice(1)} ${rest.join(" ")}.`)
        const summary = summaryOf(written.join(" "), { sentences: count, maxChars })
        expect(summary === null).toBe(written.every(({ length }) => length > maxChars))
        const chosen = summary === null ? [] : String(summary).split(/(?<=\.) /)
        expect(chosen.length).toBeLessThanOrEqual(Math.min(count, Math.ceil(written.length / 2)))
        expect(new Set(chosen).size).toBe(chosen.length)
        expect(chosen.join(" ").length).toBeLessThanOrEqual(maxChars)
        for (const one of chosen) expect(written).toContain(one)
      }),
    )
  })

  test("answers a chat with text and JSON, and any other route with JSON", () => {
    const options = { sentences: 1 }
    const summary = "The river flooded the old town on Tuesday after three days of rain."
    expect(answer(chatWork(article), options)).toEqual({ text: summary, json: { summary } })
    expect(answer({ kind: "custom", input: { text: article } }, options)).toEqual({ summary })
    const json = { abstract: "{{summary}}", by: "rule" }
    expect(answer(chatWork(article), { ...options, json })).toEqual({ text: summary, json: { abstract: summary, by: "rule" } })
  })

  const nothing: [string, Work][] = [
    ["a single sentence", chatWork("The river flooded the old town.")],
    ["headings alone", chatWork("Rain. Snow. Wind.")],
    ["an input without text", { kind: "custom", input: { body: article } }],
    ["a chat without a user", { kind: "chat", input: { messages: [{ role: "system", content: article }] } }],
  ]
  test.each(nothing)("has no answer for %s", (_what, work) => {
    expect(answer(work)).toBeNull()
  })

  test("stays within bounds for a very long text", () => {
    const long = Array.from({ length: 20_000 }, (_, index) => `Sentence number ${index} tells of a river and a town.`).join(" ")
    expect(sentencesOf(long)).toHaveLength(200)
    expect(summaryOf(long)).not.toBeNull()
  })
})

describe("sentences", () => {
  test("end at marks, empty lines, announcements and items, not at other line breaks", () => {
    const text = "Read\nthis. It costs 3.50 \u20ac!\n\nA heading\r\n\r\nItems:\n- one thing\n- another\n1. first\nand more"
    expect(sentencesOf(text).map(({ text: sentence }) => sentence)).toEqual([
      "Read this.",
      "It costs 3.50 \u20ac!",
      "A heading",
      "Items:",
      "- one thing",
      "- another",
      "1. first and more",
    ])
  })
})

describe("centrality", () => {
  const word = fc.constantFrom("a", "b", "c", "d", "e", "f")
  test("is a distribution, and the same whatever the order", () => {
    fc.assert(
      fc.property(fc.array(fc.array(word, { minLength: 1, maxLength: 8 }), { minLength: 1, maxLength: 12 }), (texts) => {
        const scores = centralities(texts)
        expect(scores.reduce((sum, score) => sum + score, 0)).toBeCloseTo(1, 9)
        for (const score of scores) expect(score).toBeGreaterThan(0)
        const backwards = centralities(texts.toReversed()).toReversed()
        for (const [index, score] of scores.entries()) expect(backwards[index]).toBeCloseTo(score, 9)
      }),
    )
  })

  test("is highest for what shares most, and equal for what shares nothing", () => {
    const [hub = 0, ...others] = centralities([
      ["a", "b", "c"],
      ["a", "x"],
      ["b", "y"],
      ["c", "z"],
    ])
    for (const other of others) expect(hub).toBeGreaterThan(other)
    expect(centralities([["a"], ["b"], ["c"]])).toEqual([1 / 3, 1 / 3, 1 / 3].map((third) => expect.closeTo(third, 12)))
  })
})
