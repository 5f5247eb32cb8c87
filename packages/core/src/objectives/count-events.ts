import { isCallersFault } from "../errors/error-traits.ts"
import { errorTypes } from "../errors/error-type.ts"
import { errorFigure, type Figures } from "../usage/figures.ts"
import { histograms } from "../usage/histogram.ts"
import type { Objective } from "./objective.ts"

/** What an objective counts, and how many of these were bad. */
export interface ObjectiveCounts {
  readonly events: number
  readonly bad: number
}

const callersFaults = errorTypes.filter(isCallersFault).map(errorFigure)

/** Counts the events of an objective in rows of hours or minutes. */
export function countEvents({ name, limitMs }: Objective, figures: Figures): ObjectiveCounts {
  const of = (figure: string) => figures[figure] ?? 0
  switch (name) {
    case "availability": {
      const rejected = callersFaults.reduce((sum, figure) => sum + of(figure), 0)
      const bad = Math.max(0, of("failed") + of("expired") - rejected)
      return { events: of("succeeded") + bad, bad }
    }
    case "quality":
      return { events: of("succeeded"), bad: of("succeeded") - of("tier_primary") - of("tier_fallback") }
    case "latency":
      return above(histograms.primaryLatency, figures, limitMs)
    case "cache_freshness":
      return above(histograms.cacheAge, figures, limitMs)
  }
}

function above(histogram: (typeof histograms)["latency"], figures: Figures, limitMs: number | null): ObjectiveCounts {
  const events = histogram.count(figures)
  return { events, bad: limitMs === null ? 0 : events - histogram.countWithin(figures, limitMs) }
}

/**
 * How fast the error budget is used up: 1 uses up just what the target allows, 14.4 the budget of 30 days in two. Null without events.
 * (Google SRE workbook, chapter 5.)
 */
export function burnRateOf({ target }: Pick<Objective, "target">, { events, bad }: ObjectiveCounts): number | null {
  return events === 0 ? null : bad / events / (1 - target)
}
