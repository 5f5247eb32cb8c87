const unitMs: Readonly<Record<string, number>> = { ns: 1e-6, us: 1e-3, µs: 1e-3, ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 }

const part = "(\\d+(?:\\.\\d+)?)(ns|us|µs|ms|s|m|h|d)"
const whole = new RegExp(`^(?:${part})+$`)
const parts = new RegExp(part, "g")

/**
 * Milliseconds, rounded up, of a duration as vendors write it: Go's form (`6m0s`, `12ms`, `1h2m3.5s`) or plain seconds
 * (`2`, `0.5`). Null for anything else, negative numbers included.
 */
export function parseDurationMs(text: string): number | null {
  const trimmed = text.trim()
  if (/^\d+(?:\.\d+)?$/.test(trimmed)) return roundUp(Number(trimmed) * 1_000)
  if (!whole.test(trimmed)) return null
  let total = 0
  for (const [, amount = "0", unit = "s"] of trimmed.matchAll(parts)) total += Number(amount) * (unitMs[unit] ?? 0)
  return roundUp(total)
}

/** Up, so that a wait is never too short, but not for the rounding noise of a multiplication. */
function roundUp(durationMs: number): number {
  return Math.max(0, Math.ceil(durationMs - 1e-6))
}
