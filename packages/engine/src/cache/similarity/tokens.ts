/** Letters of scripts that write words without spaces between them. */
const unspaced = String.raw`[[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}]&&\p{L}]`
const wordLetter = String.raw`[[\p{L}\p{M}\p{N}]--${unspaced}]`

const unspacedLetter = new RegExp(`^${unspaced}`, "v")
const anyWord = /^[\p{L}\p{M}\p{N}]/v

/**
 * Such letters are taken one by one. A word may contain apostrophes. All other marks stand alone, since `2+2` and `2-2` are not
 * the same question.
 */
const token = new RegExp(String.raw`${unspaced}\p{M}*|${wordLetter}+(?:['\u2019]${wordLetter}+)*|[^\s\p{L}\p{N}]`, "gv")

/** A text in small letters, in pieces, in any language. The same on every machine, since it asks no dictionary. */
export function tokensOf(text: string): readonly string[] {
  return text.normalize("NFKC").toLowerCase().match(token) ?? []
}

/** Only the pieces that have letters or digits. */
export function wordsOf(text: string): readonly string[] {
  return tokensOf(text).filter((piece) => anyWord.test(piece))
}

/** Whether a token is a letter of a script without spaces, which says as much as a short word elsewhere. */
export function isUnspaced(piece: string): boolean {
  return unspacedLetter.test(piece)
}
