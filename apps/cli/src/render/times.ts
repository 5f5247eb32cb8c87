const units = [
  ["d", 86_400_000],
  ["h", 3_600_000],
  ["min", 60_000],
  ["s", 1_000],
] as const

/** `850 ms`, `1.2 s`, `48 s`, `12 min`, `3 h`, `2 d`. */
export function durationText(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`
  if (ms < 10_000) return `${(Math.floor(ms / 100) / 10).toFixed(1)} s`
  const [unit, size] = units.find(([, size]) => ms >= size) ?? ["s", 1_000]
  return `${Math.floor(ms / size)} ${unit}`
}

/** `3 min ago`, `in 5 s`, `now`. A timestamp that is null is a dash. */
export function relativeTime(timestamp: string | null, now: number): string {
  if (timestamp === null) return "-"
  const differenceMs = now - Date.parse(timestamp)
  if (Math.abs(differenceMs) < 1_000) return "now"
  const whole = durationText(Math.max(10_000, Math.abs(differenceMs)))
  const text = Math.abs(differenceMs) < 10_000 ? `${Math.floor(Math.abs(differenceMs) / 1_000)} s` : whole
  return differenceMs > 0 ? `${text} ago` : `in ${text}`
}
