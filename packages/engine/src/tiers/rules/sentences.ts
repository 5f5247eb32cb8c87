import { wordsOf } from "../../cache/similarity/tokens.ts"

/** Every sentence is compared with every other, so these two bound the work. */
const maxSentences = 200
const maxChars = 100_000

export interface Sentence {
  readonly text: string
  /** In small letters. */
  readonly words: readonly string[]
}

/** An empty line, the end of a line with a colon, and the item of a list end a sentence; other line breaks do not. */
const paragraphBreak = /\n\s*\n|(?<=[:\uff1a])[ \t\r]*\n|\n(?=[ \t]*(?:[-*\u2022]|\d{1,3}[.)])[ \t])/u
/** Rules of Unicode (UAX #29) for any language. */
const segmenter = new Intl.Segmenter("und", { granularity: "sentence" })

/** The first sentences of a text, of those that have words, with white space made single blanks. */
export function sentencesOf(text: string): readonly Sentence[] {
  const sentences: Sentence[] = []
  for (const paragraph of text.slice(0, maxChars).split(paragraphBreak)) {
    for (const { segment } of segmenter.segment(paragraph.replace(/\s+/g, " ").trim())) {
      const words = wordsOf(segment)
      if (words.length > 0) sentences.push({ text: segment.trim(), words })
      if (sentences.length === maxSentences) return sentences
    }
  }
  return sentences
}
