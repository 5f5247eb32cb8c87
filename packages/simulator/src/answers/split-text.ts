/** The text in pieces of at most `size` characters, as a stream sends it; no piece for an empty text. */
export function splitText(text: string, size: number): string[] {
  const pieces: string[] = []
  let start = 0
  while (start < text.length) {
    let end = Math.min(start + size, text.length)
    if (isHighSurrogate(text.charCodeAt(end - 1)) && end < text.length) end += 1 // half a character is not text
    pieces.push(text.slice(start, end))
    start = end
  }
  return pieces
}

function isHighSurrogate(code: number): boolean {
  return code >= 0xd800 && code <= 0xdbff
}
