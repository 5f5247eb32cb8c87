import { readFileSync } from "node:fs"

/** The value below which this share of the list lies; 0 for an empty one. */
export function percentile(list: readonly number[], share: number): number {
  return list.toSorted((a, b) => a - b)[Math.min(list.length - 1, Math.floor(list.length * share))] ?? 0
}

/** How often each occurs. */
export function countBy<T>(list: Iterable<T>, keyOf: (item: T) => string): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {}
  for (const item of list) counts[keyOf(item)] = (counts[keyOf(item)] ?? 0) + 1
  return counts
}

/** Linux counts processor time in hundredths of a second. */
const msPerTick = 10
const userTimeField = 11

/** The processor time that a process has used, in milliseconds, by `/proc`. */
export function cpuTimeMs(pid: number): number {
  // What comes before is the name of the program in parentheses, which may hold spaces.
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").at(-1)?.split(" ") ?? []
  return (Number(fields[userTimeField]) + Number(fields[userTimeField + 1])) * msPerTick
}

export function asPercent(share: number): string {
  return `${(share * 100).toFixed(1)} %`
}

/** Rows of a table with aligned columns. */
export function table(rows: readonly (readonly (string | number)[])[]): string {
  const texts = rows.map((row) => row.map(String))
  const widths = texts[0]?.map((_, column) => Math.max(...texts.map((row) => row[column]?.length ?? 0))) ?? []
  return texts
    .map((row) =>
      row
        .map((text, column) => text.padEnd(widths[column] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n")
}
