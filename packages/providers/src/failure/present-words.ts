import { maskEcho } from "./mask-echo.ts"
import { maskSecrets } from "./mask-secrets.ts"

const maxMessageLength = 500
/** Masking looks at more than is shown, since what it replaces gets shorter. */
const maxMaskedLength = 4_000

export interface WordsToPresent {
  readonly words: string
  readonly secrets: readonly (string | null)[]
  /** What the words must not repeat. */
  readonly texts: readonly string[]
}

/** A provider's words made fit to be shown and stored: secrets and input masked, on one line, at most 500 characters. */
export function presentWords({ words, secrets, texts }: WordsToPresent): string {
  const masked = maskEcho(maskSecrets(beginningOf(words), secrets), texts)
  const line = masked.replace(/\s+/g, " ").trim()
  return line.length <= maxMessageLength ? line : `${line.slice(0, maxMessageLength - 1).toWellFormed()}…`
}

/** Without the word that the cut went through: half a secret would not be known as one. */
function beginningOf(words: string): string {
  return words.length <= maxMaskedLength ? words : words.slice(0, maxMaskedLength).replace(/\S+$/, "")
}
