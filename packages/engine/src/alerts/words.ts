/** `87.3 %`. */
export function percent(share: number): string {
  return `${Math.round(share * 1_000) / 10} %`
}

const units = [
  ["day", 86_400_000],
  ["hour", 3_600_000],
  ["minute", 60_000],
] as const

/** `5 minutes`, to the largest unit of which there is at least one and a half, else in seconds. */
export function lasting(ms: number): string {
  for (const [unit, length] of units) {
    const count = Math.round(ms / length)
    if (ms === length || ms >= length * 1.5) return counted(count, unit)
  }
  return counted(Math.round(ms / 1_000), "second")
}

/** `1 job`, `2,000 jobs`. */
export function counted(count: number, what: string): string {
  return `${count.toLocaleString("en-US")} ${what}${count === 1 ? "" : "s"}`
}
