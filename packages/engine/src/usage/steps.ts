import { type Figures, type StatsWindow, sumFigures, type UsageGrain, type UsageRow } from "@sluice/core"

const minuteMs = 60_000
const hourMs = 60 * minuteMs

/** Of which rows a window is put together, and by how many steps of which length. */
export interface Stepping {
  readonly grain: Exclude<UsageGrain, "day">
  readonly stepMs: number
  readonly steps: number
}

/** Hours from a day on: a row holds the classes of its histograms, and what a window costs is the number of rows that it reads. */
export const steppings = {
  "15m": { grain: "minute", stepMs: minuteMs, steps: 15 },
  "1h": { grain: "minute", stepMs: minuteMs, steps: 60 },
  "6h": { grain: "minute", stepMs: 5 * minuteMs, steps: 72 },
  "24h": { grain: "hour", stepMs: hourMs, steps: 24 },
  "7d": { grain: "hour", stepMs: hourMs, steps: 168 },
} as const satisfies Record<StatsWindow, Stepping>

/** The beginnings of the steps up to now, the oldest first. */
export function stepsUntil(nowMs: number, { stepMs, steps }: Stepping): readonly number[] {
  const lastMs = Math.floor(nowMs / stepMs) * stepMs
  return Array.from({ length: steps }, (_, index) => lastMs - (steps - 1 - index) * stepMs)
}

export interface Step {
  readonly atMs: number
  readonly figures: Figures
}

/** The rows' figures, added up for each step; also for those without any. */
export function sumBySteps(rows: readonly UsageRow[], beginnings: readonly number[], { stepMs }: Stepping): readonly Step[] {
  const byStep = Map.groupBy(rows, ({ at }) => Math.floor(at.getTime() / stepMs) * stepMs)
  return beginnings.map((atMs) => ({ atMs, figures: sumFigures((byStep.get(atMs) ?? []).map((row) => row.figures)) }))
}
