const SECOND_MS = 1000
const MINUTE_MS = 60 * SECOND_MS
const HOUR_MS = 60 * MINUTE_MS

/** A duration as Go prints it, which is how OpenAI writes resets: `12ms`, `1.5s`, `6m0s`, `1h0m0s`. */
export function goDuration(durationMs: number): string {
  const ms = Math.max(0, Math.round(durationMs))
  if (ms === 0) return "0s"
  if (ms < SECOND_MS) return `${ms}ms`
  const hours = Math.floor(ms / HOUR_MS)
  const minutes = Math.floor((ms % HOUR_MS) / MINUTE_MS)
  const seconds = `${(ms % MINUTE_MS) / SECOND_MS}s`
  if (hours > 0) return `${hours}h${minutes}m${seconds}`
  return minutes > 0 ? `${minutes}m${seconds}` : seconds
}
