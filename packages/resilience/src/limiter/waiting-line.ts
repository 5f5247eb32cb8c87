/** The line of those who were refused. Each is told a time of its own, so that they do not come back in one instant. */
export interface WaitingLine {
  /** No earlier than this may the next one come back. */
  readonly nextMs: number
}

export const emptyLine: WaitingLine = { nextMs: 0 }

/** The shortest distance between two times, so that they differ when they are rounded to milliseconds. */
const minGapMs = 1

/** When one who cannot be served before `earliestMs` would be told to come back. */
export function timeInLine(line: WaitingLine, earliestMs: number): number {
  return Math.max(earliestMs, line.nextMs)
}

/** Joins the line with that time; the next one comes `gapMs` later, which is how long it takes until one more can be served. */
export function joinLine({ timeMs, gapMs }: { readonly timeMs: number; readonly gapMs: number }): WaitingLine {
  return { nextMs: timeMs + Math.max(minGapMs, gapMs) }
}
