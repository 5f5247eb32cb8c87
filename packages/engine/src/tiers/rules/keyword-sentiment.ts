import { z } from "zod"
import { tokensOf } from "../../cache/similarity/tokens.ts"
import { asAnswer, jsonTemplate } from "./answer-form.ts"
import { inputTextOf } from "./input-text.ts"
import { defineRule } from "./rule.ts"
import { intensifiers, negations, valences } from "./sentiment-lexicon.ts"

/** Words longer ago do not turn a word round. */
const reach = 3
/** `not great` is less bad than `terrible`. */
const negationFactor = -0.74
const addedValence = 2.5
/** About as far as a few strong words carry. */
const saturation = 15
const neutralBelow = 0.05
const maxChars = 100_000

const word = z.string().min(1).max(64)
const words = z.array(word).max(5_000)

/**
 * `positive`, `negative` or `neutral` by a list of English words and pictographs, after VADER (Hutto and Gilbert, 2014): each has
 * a valence, words like `not` turn those behind them round, words like `very` make them stronger. `positive`, `negative` and
 * `negations` add words, of other languages too. No answer for a text in which no word is known. As JSON: `{sentiment, score}`
 * with the score in [-1, 1], or as `json` says, with `{{sentiment}}` and `{{score}}`.
 */
export const keywordSentiment = defineRule({
  name: "keyword-sentiment",
  kinds: ["chat", "custom"],
  options: z.strictObject({
    positive: words.default([]),
    negative: words.default([]),
    negations: words.default([]),
    json: jsonTemplate(["sentiment", "score"]).optional(),
  }),
  answer({ work }, { json, ...added }) {
    const text = inputTextOf(work)
    const score = text === null ? null : scoreOf(tokensOf(text.slice(0, maxChars)), lexiconWith(added))
    if (score === null) return null
    const sentiment = labelOf(score)
    return asAnswer(work, { text: sentiment, values: { sentiment, score }, json })
  },
})

interface Lexicon {
  readonly valenceOf: (token: string) => number | undefined
  readonly isNegation: (token: string) => boolean
}

interface AddedWords {
  readonly positive: readonly string[]
  readonly negative: readonly string[]
  readonly negations: readonly string[]
}

function lexiconWith({ positive, negative, negations: addedNegations }: AddedWords): Lexicon {
  const own = new Map([
    ...positive.map((text) => [text.toLowerCase(), addedValence] as const),
    ...negative.map((text) => [text.toLowerCase(), -addedValence] as const),
  ])
  const ownNegations = new Set(addedNegations.map((text) => text.toLowerCase()))
  return {
    valenceOf: (token) => own.get(token) ?? valences.get(token),
    isNegation: (token) => negations.has(token) || ownNegations.has(token) || /n['\u2019]t$/.test(token),
  }
}

/** In [-1, 1]; null when no token has a valence. */
function scoreOf(tokens: readonly string[], lexicon: Lexicon): number | null {
  let sum = 0
  let known = 0
  for (const [index, token] of tokens.entries()) {
    const valence = lexicon.valenceOf(token)
    if (valence === undefined) continue
    known += 1
    sum += valence * factorOf(clauseBefore(tokens, index), lexicon)
  }
  if (known === 0) return null
  return Math.round((sum / Math.sqrt(sum * sum + saturation)) * 1_000) / 1_000
}

const clauseEnd = new Set([".", ",", ";", ":", "!", "?", "but"])

/** The few tokens before one, back to the beginning of its clause. */
function clauseBefore(tokens: readonly string[], index: number): readonly string[] {
  const before = tokens.slice(Math.max(0, index - reach), index)
  return before.slice(before.findLastIndex((token) => clauseEnd.has(token)) + 1)
}

function factorOf(before: readonly string[], { isNegation }: Lexicon): number {
  return before.reduce((factor, token) => factor * (isNegation(token) ? negationFactor : (intensifiers.get(token) ?? 1)), 1)
}

function labelOf(score: number): "positive" | "negative" | "neutral" {
  if (Math.abs(score) < neutralBelow) return "neutral"
  return score > 0 ? "positive" : "negative"
}
