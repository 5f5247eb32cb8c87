import type { EndpointResource } from "@sluice/core"
import { formatDuration } from "../../format/duration.ts"
import { formatDateTime } from "../../format/time.ts"
import { breakerNames } from "./breaker-words.ts"
import { type BreakerState, openMsOf, type Segment, type Span, segmentsOf, tripsOf } from "./strip-segments.ts"

const width = 1_000
const height = 20

/** Told apart by height as well as by colour. */
const heights: Readonly<Record<BreakerState, number>> = { closed: 5, half_open: 12, open: height }
/** So that what was short is seen in a week, too. */
const leastWidth = 4

/** When a breaker was open, half open and closed. */
export function BreakerStrip({ history, span }: { readonly history: EndpointResource["breaker"]["history"]; readonly span: Span }) {
  const segments = segmentsOf(history, span)
  const xOf = (ms: number) => ((ms - span.fromMs) / (span.toMs - span.fromMs)) * width
  return (
    <svg className="breaker-strip" viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="none" role="img" aria-label={wordsOf(segments)}>
      {segments.map(({ state, fromMs, toMs }) => (
        <rect
          key={fromMs}
          className={`breaker-${state}`}
          x={xOf(fromMs)}
          y={height - heights[state]}
          width={Math.max(leastWidth, xOf(toMs) - xOf(fromMs))}
          height={heights[state]}
        >
          <title>{`${breakerNames[state]} for ${formatDuration(toMs - fromMs)}, from ${formatDateTime(new Date(fromMs))}`}</title>
        </rect>
      ))}
    </svg>
  )
}

function wordsOf(segments: readonly Segment[]): string {
  const trips = tripsOf(segments)
  if (trips === 0) return "The breaker was not open in this time"
  return `The breaker was open ${trips === 1 ? "once" : `${trips} times`}, for ${formatDuration(openMsOf(segments))} in all`
}
