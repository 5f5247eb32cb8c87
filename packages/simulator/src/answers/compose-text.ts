import { fillTokens } from "./token-estimate.ts"
import { wordsOf } from "./word-list.ts"

/** How texts are made. */
export interface AnswerText {
  /** `echo` repeats the prompt, `summary` gives the gist of it. */
  readonly style: "echo" | "summary"
  /** Said whatever the prompt; null for a text that the style makes of the prompt. */
  readonly text: string | null
  /** Every text is cut or drawn out to this many tokens; null leaves it as long as it is. */
  readonly outputTokens: number | null
}

const WORDS_IN_SUMMARY = 16

/** The text of an answer to `prompt`, always the same for the same arguments. */
export function composeText(prompt: string, { style, text, outputTokens }: AnswerText): string {
  const full = text ?? (style === "echo" ? `Echo: ${prompt}` : summarise(prompt))
  return outputTokens === null ? full : fillTokens(full, outputTokens)
}

function summarise(prompt: string): string {
  const words = wordsOf(prompt)
  const gist = words.slice(0, WORDS_IN_SUMMARY).join(" ")
  return `In short: ${gist}${words.length > WORDS_IN_SUMMARY ? " and so on" : ""} (${words.length} words).`
}
