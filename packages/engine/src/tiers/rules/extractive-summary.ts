import type { Json } from "@sluice/core"
import { z } from "zod"
import { asAnswer, jsonTemplate } from "./answer-form.ts"
import { inputTextOf } from "./input-text.ts"
import { defineRule } from "./rule.ts"
import { centralities } from "./sentence-graph.ts"
import { type Sentence, sentencesOf } from "./sentences.ts"

/** A text that announces what follows is none of its sentences. */
const announcement = /[:\uff1a]$/u
/** Headings and exclamations say little by themselves. */
const fewestWords = 4

/**
 * The sentences that share most with all others, in their order, and at most half of them. The language does not matter. No answer
 * for a text of fewer than two sentences. As JSON: `{summary}`, or as `json` says, with `{{summary}}`.
 */
export const extractiveSummary = defineRule({
  name: "extractive-summary",
  kinds: ["chat", "custom"],
  options: z.strictObject({
    sentences: z.int().min(1).max(50).default(3),
    maxChars: z.int().min(40).max(100_000).default(1_200),
    json: jsonTemplate(["summary"]).optional(),
  }),
  answer({ work }, { sentences: count, maxChars, json }): Json | null {
    const text = inputTextOf(work)
    if (text === null) return null
    const summary = summarise(sentencesOf(text), { count, maxChars })
    return summary === null ? null : asAnswer(work, { text: summary, values: { summary }, json })
  },
})

function summarise(sentences: readonly Sentence[], { count, maxChars }: { count: number; maxChars: number }): string | null {
  if (sentences.length < 2) return null
  const scores = centralities(sentences.map(({ words }) => words))
  const ranked = sentences
    .map((sentence, position) => ({ ...sentence, position, score: scores[position] ?? 0 }))
    .filter(({ text, words }) => words.length >= fewestWords && !announcement.test(text))
    .toSorted((a, b) => b.score - a.score || a.position - b.position)
  const chosen = choose(ranked, { count: Math.min(count, Math.ceil(sentences.length / 2)), maxChars })
  if (chosen.length === 0) return null
  return chosen
    .toSorted((a, b) => a.position - b.position)
    .map(({ text }) => text)
    .join(" ")
}

type Ranked = Sentence & { readonly position: number }

/** The best that fit, and none twice. */
function choose(ranked: readonly Ranked[], { count, maxChars }: { count: number; maxChars: number }): readonly Ranked[] {
  const chosen: Ranked[] = []
  let remaining = maxChars
  for (const sentence of ranked) {
    if (chosen.length === count) break
    if (sentence.text.length > remaining || chosen.some(({ text }) => text === sentence.text)) continue
    chosen.push(sentence)
    remaining -= sentence.text.length + 1
  }
  return chosen
}
