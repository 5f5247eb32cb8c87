import type { Figures } from "./figures.ts"

/**
 * Latencies as counts by classes that each end 5 % above the one before, as in DDSketch (Masson et al., VLDB 2019): a
 * quantile read from them is at most 2.5 % off, and histograms are merged by adding.
 */
const growth = 1.05
const prefix = "latency_"

export function latencyFigure(latencyMs: number): string {
  return `${prefix}${Math.ceil(Math.log(Math.max(1, latencyMs)) / Math.log(growth))}`
}

/** The latency in ms below which this share of those counted lies; null when none are. */
export function latencyQuantile(figures: Figures, share: number): number | null {
  const classes = Object.entries(figures)
    .filter(([name, count]) => name.startsWith(prefix) && count > 0)
    .map(([name, count]) => ({ index: Number(name.slice(prefix.length)), count }))
    .sort((a, b) => a.index - b.index)
  const total = classes.reduce((sum, { count }) => sum + count, 0)
  let seen = 0
  for (const { index, count } of classes) {
    seen += count
    if (seen >= share * total) return middleOf(index)
  }
  return null
}

function middleOf(index: number): number {
  return Math.round((growth ** index + growth ** (index - 1)) / 2)
}
