export interface Progress {
  readonly answered: number
  readonly total: number
  /** Answered by earlier runs. */
  readonly before: number
  readonly elapsedMs: number
}

const width = 24

/** `[######------] 1,204 of 10,000, 210/s, 42 s left`. */
export function progressText({ answered, total, before, elapsedMs }: Progress): string {
  const share = total === 0 ? 0 : Math.min(1, answered / total)
  const bar = "#".repeat(Math.round(share * width)).padEnd(width, "-")
  const perSecond = elapsedMs > 0 ? ((answered - before) * 1_000) / elapsedMs : 0
  const figures = `${answered.toLocaleString("en")} of ${total.toLocaleString("en")}`
  if (perSecond === 0) return `[${bar}] ${figures}`
  const leftSeconds = Math.ceil((total - answered) / perSecond)
  const left = leftSeconds >= 120 ? `${Math.ceil(leftSeconds / 60)} min` : `${leftSeconds} s`
  return `[${bar}] ${figures}, ${perSecond.toFixed(perSecond < 10 ? 1 : 0)}/s, ${left} left`
}
