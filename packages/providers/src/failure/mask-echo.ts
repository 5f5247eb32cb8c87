const masked = "[input]"

/** A text at least this long is masked where it stands whole in the message. */
const shortestWhole = 8
/** Of longer texts also every part that covers one of their pieces of this length. */
const pieceLength = 20

interface Span {
  readonly start: number
  readonly end: number
}

/**
 * Replaces what a provider's message repeats of the caller's input. A repeated part is found when it is a whole text of
 * eight characters or more, or when it is at least 39 characters long, for then it contains one of the pieces into which
 * the text is cut. One pass over the input, however long; `message` should be bounded.
 */
export function maskEcho(message: string, texts: readonly string[]): string {
  const piecesOfMessage = positionsByPiece(message)
  const spans: Span[] = []
  for (const text of texts) {
    if (text.length < shortestWhole) continue
    spans.push(...wholeOccurrences(message, text), ...partialOccurrences(message, text, piecesOfMessage))
  }
  return replaceSpans(message, spans)
}

function positionsByPiece(message: string): Map<string, number[]> {
  const positions = new Map<string, number[]>()
  for (let at = 0; at + pieceLength <= message.length; at += 1) {
    const piece = message.slice(at, at + pieceLength)
    const known = positions.get(piece)
    if (known === undefined) positions.set(piece, [at])
    else known.push(at)
  }
  return positions
}

function wholeOccurrences(message: string, text: string): Span[] {
  const spans: Span[] = []
  if (text.length > message.length) return spans
  for (let start = message.indexOf(text); start !== -1; start = message.indexOf(text, start + text.length)) {
    spans.push({ start, end: start + text.length })
  }
  return spans
}

function partialOccurrences(message: string, text: string, pieces: Map<string, number[]>): Span[] {
  const spans: Span[] = []
  if (pieces.size === 0) return spans
  const seen = new Set<string>()
  for (let inText = 0; inText + pieceLength <= text.length; inText += pieceLength) {
    const piece = text.slice(inText, inText + pieceLength)
    const found = pieces.get(piece)
    if (found === undefined || seen.has(piece)) continue
    seen.add(piece)
    spans.push(...found.map((inMessage) => widen(message, text, { inMessage, inText })))
  }
  return spans
}

/** The longest run around a common piece on which message and text agree. */
function widen(message: string, text: string, { inMessage, inText }: { inMessage: number; inText: number }): Span {
  let before = 0
  while (before < inMessage && before < inText && message[inMessage - before - 1] === text[inText - before - 1]) before += 1
  let length = pieceLength
  while (inMessage + length < message.length && inText + length < text.length && message[inMessage + length] === text[inText + length]) {
    length += 1
  }
  return { start: inMessage - before, end: inMessage + length }
}

function replaceSpans(message: string, spans: readonly Span[]): string {
  let result = ""
  let position = 0
  for (const { start, end } of spans.toSorted((a, b) => a.start - b.start)) {
    if (start >= position) result += `${message.slice(position, start)}${masked}`
    position = Math.max(position, end)
  }
  return result + message.slice(position)
}
