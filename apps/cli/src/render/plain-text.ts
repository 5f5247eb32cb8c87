import { stripVTControlCharacters } from "node:util"
import stringWidth from "string-width"

/** Text of others without what would move the cursor, change colours or break a line. */
export function oneLine(text: string): string {
  return plainText(text)
    .replaceAll(/[\n\t ]+/g, " ")
    .trim()
}

/** Text of others that may have lines, without what else could act on a terminal. */
export function plainText(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is to go.
  return stripVTControlCharacters(text.replaceAll("\r\n", "\n")).replaceAll(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, "")
}

export function widthOf(text: string): number {
  return stringWidth(text)
}

const graphemes = new Intl.Segmenter(undefined, { granularity: "grapheme" })

/** The beginning of the text in so many columns, with an ellipsis where something is missing. */
export function truncate(text: string, columns: number): string {
  if (widthOf(text) <= columns) return text
  let kept = ""
  let used = 1
  for (const { segment } of graphemes.segment(text)) {
    used += widthOf(segment)
    if (used > columns) break
    kept += segment
  }
  return `${kept.trimEnd()}…`
}
