import type { UsageResource } from "@sluice/core"
import type { ChartSeries, SeriesColour } from "../../kit/chart.tsx"
import type { Dimension } from "./usage-search.ts"

const colours: readonly SeriesColour[] = ["--series-1", "--series-2", "--series-3", "--series-4"]
const dayMs = 86_400_000

export interface CostByDay {
  readonly times: readonly string[]
  readonly series: readonly ChartSeries[]
}

/** The cost of each day, by the most expensive values of a dimension, and all others together. Days without any are there too. */
export function costByDay(report: Pick<UsageResource, "from" | "to" | "data">, dimension: Dimension): CostByDay {
  const times = daysBetween(report.from, report.to)
  const sums = new Map<string, number[]>()
  for (const { group, costUsd } of report.data) {
    const name = group[dimension] ?? "none"
    const byDay = sums.get(name) ?? times.map(() => 0)
    const index = times.indexOf(`${group.day}T00:00:00.000Z`)
    byDay[index] = (byDay[index] ?? 0) + costUsd
    sums.set(name, byDay)
  }
  const total = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0)
  const sorted = [...sums].filter(([, values]) => total(values) > 0).toSorted(([, a], [, b]) => total(b) - total(a))
  const named = sorted.slice(0, colours.length).map(([label, values], index) => ({ label, values, colour: colours[index] ?? "--series-5" }))
  const rest = sorted.slice(colours.length).map(([, values]) => values)
  const others = {
    label: "others",
    values: times.map((_time, index) => total(rest.map((values) => values[index] ?? 0))),
    colour: "--series-5",
  } as const
  return { times, series: rest.length === 0 ? named : [...named, others] }
}

function daysBetween(from: string, to: string): readonly string[] {
  const first = Date.parse(from)
  const count = Math.round((Date.parse(to) - first) / dayMs) + 1
  return Array.from({ length: count }, (_day, index) => new Date(first + index * dayMs).toISOString())
}
