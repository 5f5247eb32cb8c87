import { type StatsResource, tierNames } from "@sluice/core"
import type { ChartSeries, SeriesColour } from "../../kit/chart.tsx"

type Steps = StatsResource["data"]

/** Ends a second, by how they ended. */
export function endSeries(steps: Steps, stepMs: number): readonly ChartSeries[] {
  const perSecond = (count: (step: Steps[number]) => number) => steps.map((step) => (count(step) * 1_000) / stepMs)
  return [
    { label: "succeeded", colour: "--series-1", values: perSecond(({ succeeded }) => succeeded) },
    { label: "failed or expired", colour: "--bad", values: perSecond(({ failed, expired }) => failed + expired) },
    { label: "cancelled", colour: "--series-5", values: perSecond(({ cancelled }) => cancelled) },
  ]
}

const tierColours: Readonly<Record<(typeof tierNames)[number], SeriesColour>> = {
  primary: "--series-1",
  fallback: "--series-2",
  rules: "--series-3",
  cache: "--series-4",
  static: "--series-5",
}

/** Which part of the answers each tier gave; steps without answers have none. Tiers that never answered are left out. */
export function tierSeries(steps: Steps): readonly ChartSeries[] {
  return tierNames
    .filter((tier) => tier === "primary" || steps.some(({ tiers }) => (tiers[tier] ?? 0) > 0))
    .map((tier) => ({
      label: tier,
      colour: tierColours[tier],
      values: steps.map(({ tiers }) => {
        const all = Object.values(tiers).reduce((sum, count) => sum + count, 0)
        return all === 0 ? null : (tiers[tier] ?? 0) / all
      }),
    }))
}

export function latencySeries(steps: Steps): readonly ChartSeries[] {
  return [
    { label: "p50", colour: "--series-1", values: steps.map(({ latencyMs }) => latencyMs.p50) },
    { label: "p95", colour: "--series-2", values: steps.map(({ latencyMs }) => latencyMs.p95) },
    { label: "p99", colour: "--series-3", values: steps.map(({ latencyMs }) => latencyMs.p99) },
  ]
}
