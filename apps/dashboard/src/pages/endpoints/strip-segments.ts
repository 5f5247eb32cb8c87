import type { EndpointResource } from "@sluice/core"

export type BreakerState = EndpointResource["breaker"]["state"]
type Change = Pick<EndpointResource["breaker"]["history"][number], "at" | "state">

export interface Segment {
  readonly state: BreakerState
  readonly fromMs: number
  readonly toMs: number
}

export interface Span {
  readonly fromMs: number
  readonly toMs: number
}

/** In which state a breaker was when, within a span. `history` is newest first; before the first change that is kept it was closed. */
export function segmentsOf(history: readonly Change[], { fromMs, toMs }: Span): readonly Segment[] {
  const segments: Segment[] = []
  let endMs = toMs
  for (const { at, state } of history) {
    const beginMs = Math.max(fromMs, Date.parse(at))
    if (beginMs < endMs) segments.unshift({ state, fromMs: beginMs, toMs: endMs })
    endMs = Math.min(endMs, beginMs)
    if (endMs <= fromMs) break
  }
  if (endMs > fromMs) segments.unshift({ state: "closed", fromMs, toMs: endMs })
  return segments
}

/** How long, of all, it let nothing through. */
export function openMsOf(segments: readonly Segment[]): number {
  return segments.reduce((sum, { state, fromMs, toMs }) => sum + (state === "open" ? toMs - fromMs : 0), 0)
}

/** How often it opened; reopening after a failed probe counts, since calls were let through in between. */
export function tripsOf(segments: readonly Segment[]): number {
  return segments.filter(({ state }) => state === "open").length
}
