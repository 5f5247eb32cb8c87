import { formatDuration } from "./duration.ts"

const dateTime = new Intl.DateTimeFormat(undefined, {
  year: "numeric",
  month: "short",
  day: "numeric",
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
  hourCycle: "h23",
})
const clock = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" })

/** In the viewer's zone, to the second. */
export function formatDateTime(date: Date): string {
  return dateTime.format(date)
}

/** The time of day in the viewer's zone. */
export function formatClock(date: Date): string {
  return clock.format(date)
}

/** `2026-11-29 14:03:05.120 UTC`. */
export function formatUtc(date: Date): string {
  return `${date.toISOString().replace("T", " ").replace("Z", "")} UTC`
}

const nowMs = 3_000

/** `12 s ago`; the clocks of browser and server may differ, so what lies ahead by a little is now. */
export function formatAgo(ms: number): string {
  if (Math.abs(ms) < nowMs) return "now"
  // How long ago it was needs no second unit.
  const text = formatDuration(Math.abs(ms)).split(" ").slice(0, 2).join(" ")
  return ms > 0 ? `${text} ago` : `in ${text}`
}
