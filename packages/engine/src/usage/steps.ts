import { addFigures, type Figures, type StatsWindow, type UsageGrain, type UsageRow } from "@sluice/core"

const minuteMs = 60_000
const hourMs = 60 * minuteMs

/** Of which rows a window is put together, and by how many steps of which length. */
export interface Stepping {
  readonly grain: Exclude<UsageGrain, "day">
  readonly stepMs: number
  readonly steps: number
}

export const jobSteppings = {
  "15m": { grain: "minute", stepMs: minuteMs, steps: 15 },
  "1h": { grain: "minute", stepMs: minuteMs, steps: 60 },
  "6h": { grain: "minute", stepMs: 5 * minuteMs, steps: 72 },
  "24h": { grain: "minute", stepMs: 15 * minuteMs, steps: 96 },
  "7d": { grain: "hour", stepMs: hourMs, steps: 168 },
} as const satisfies Record<StatsWindow, Stepping>

/** There are more endpoints than routes, so a day of them is read by the hour. */
export const callSteppings = { ...jobSteppings, "24h": { grain: "hour", stepMs: hourMs, steps: 24 } } as const satisfies Record<
  StatsWindow,
  Stepping
>

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
  return beginnings.map((atMs) => ({ atMs, figures: sumOf((byStep.get(atMs) ?? []).map((row) => row.figures)) }))
}

export function sumOf(all: readonly Figures[]): Figures {
  return all.reduce(addFigures, {})
}
