/**
 * The numbers of a response's events. They rise, and have gaps: the number of a piece of text says where in the text it ends, so that it
 * needs no memory to go on after it. Texts of later attempts have higher numbers, all within 32 bits.
 */
export const opening = { created: 0, queued: 1, inProgress: 2 } as const

const firstOfText = 10
/** More than any answer has characters. */
const roomPerAttempt = 4_000_000

/** Of the message's first event. Null: an answer that no attempt gave. */
export function textBase(attempt: number | null): number {
  return firstOfText + (attempt ?? 0) * roomPerAttempt
}

/** Of the piece that ends behind so many characters; the two before the text open its message. */
export function inText(base: number, length: number): number {
  return base + 1 + length
}
