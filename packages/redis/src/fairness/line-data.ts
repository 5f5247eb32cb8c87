import type { Flow } from "./flow.ts"

export interface LineData extends Flow {
  /** In virtual time; null as long as the entry has no place in line. */
  readonly start: number | null
}

/** The data of an entry that gets its place in line later. Entries that have one are written by the script that gives it. */
export function formatLineData({ flow, step }: Flow): string {
  return JSON.stringify([flow, step])
}

/** What an entry's data say of its place in line; null when they say nothing of it. */
export function parseLineData(data: unknown): LineData | null {
  if (!Array.isArray(data)) return null
  const [flow, step, start = null]: readonly unknown[] = data
  if (typeof flow !== "string" || typeof step !== "number") return null
  return start === null || typeof start === "number" ? { flow, step, start } : null
}
