import type { Figures } from "./figures.ts"

/**
 * Times as counts by classes that each end 5 % above the one before, as in DDSketch (Masson et al., VLDB 2019): a quantile read
 * from them is at most 2.5 % off, and histograms are merged by adding.
 */
const growth = 1.05

export interface Histogram {
  /** The figure that counts this time. */
  figure(ms: number): string
  /** How many were counted. */
  count(figures: Figures): number
  /** How many took at most so long, to within a class. */
  countWithin(figures: Figures, limitMs: number): number
  /** The time in ms below which this share of those counted lies; null when none are. */
  quantile(figures: Figures, share: number): number | null
}

function createHistogram(prefix: string): Histogram {
  const classesOf = (figures: Figures) =>
    Object.entries(figures)
      .filter(([name, count]) => name.startsWith(prefix) && count > 0)
      .map(([name, count]) => ({ index: Number(name.slice(prefix.length)), count }))
      .sort((a, b) => a.index - b.index)
  const totalOf = (classes: readonly { readonly count: number }[]) => classes.reduce((sum, { count }) => sum + count, 0)
  return {
    figure: (ms) => `${prefix}${classOf(ms)}`,
    count: (figures) => totalOf(classesOf(figures)),
    countWithin: (figures, limitMs) => totalOf(classesOf(figures).filter(({ index }) => index <= classOf(limitMs))),
    quantile(figures, share) {
      const classes = classesOf(figures)
      const wanted = share * totalOf(classes)
      let seen = 0
      for (const { index, count } of classes) {
        seen += count
        if (seen >= wanted) return middleOf(index)
      }
      return null
    },
  }
}

function classOf(ms: number): number {
  return Math.ceil(Math.log(Math.max(1, ms)) / Math.log(growth))
}

function middleOf(index: number): number {
  return Math.round((growth ** index + growth ** (index - 1)) / 2)
}

export const histograms = {
  /** From when a job could run to its good end. */
  latency: createHistogram("latency_"),
  /** The same of jobs that their primary tier answered, but for those in bulk and for kept answers. */
  primaryLatency: createHistogram("primary_latency_"),
  /** How long the calls took that an endpoint answered well. */
  callLatency: createHistogram("call_latency_"),
  /** How old kept answers were when they were given. */
  cacheAge: createHistogram("cache_age_"),
} as const
