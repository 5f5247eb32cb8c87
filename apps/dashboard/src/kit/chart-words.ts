import { formatClock, formatDateTime } from "../format/time.ts"

const daySeconds = 86_400
const dayLabel = new Intl.DateTimeFormat(undefined, { month: "short", day: "numeric" })
const utcDayLabel = new Intl.DateTimeFormat(undefined, { month: "short", day: "numeric", timeZone: "UTC" })

/** What an axis says at a moment: the time of day where it shows a day or less, else the day. */
export function axisLabel(seconds: number, { spanSeconds, isByDay }: { readonly spanSeconds: number; readonly isByDay: boolean }): string {
  const date = new Date(seconds * 1_000)
  if (isByDay) return utcDayLabel.format(date)
  return spanSeconds > daySeconds ? dayLabel.format(date) : formatClock(date).slice(0, "14:05".length)
}

/** What the legend says of the moment under the pointer. */
export function momentLabel(seconds: number, { isByDay }: { readonly isByDay: boolean }): string {
  const date = new Date(seconds * 1_000)
  return isByDay ? date.toISOString().slice(0, "2026-11-29".length) : formatDateTime(date)
}

/** Which values stand alone between gaps: a line through one point would not be seen. */
export function isolatedIndices(values: readonly (number | null)[]): number[] {
  const isGap = (index: number) => (values[index] ?? null) === null
  return values.flatMap((value, index) => (value !== null && isGap(index - 1) && isGap(index + 1) ? [index] : []))
}
