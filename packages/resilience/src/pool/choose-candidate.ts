/** An endpoint that may be called. */
export interface Candidate {
  readonly name: string
  /** Lower first. */
  readonly priority: number
  readonly weight: number
  /** How long the call would have to wait for its allowance. */
  readonly waitMs: number
  readonly inFlight: number
  /** Null: not known. */
  readonly latencyMs: number | null
  /** The call would find out whether the endpoint is back. */
  readonly isProbe: boolean
}

/** So much later may a call start for being with the endpoint that it prefers. */
const affinityToleranceMs = 500
/** Below, a difference in waiting does not matter. */
const waitToleranceMs = 100

/**
 * Chooses whom to call. The lowest priority number first, for capacity that is paid for already; then the preferred endpoint;
 * then one that has to be probed; among the rest the better of two drawn by weight ("power of two choices", Mitzenmacher
 * 2001), where better is to start sooner, or else to have less work in flight for its weight and latency (as in Finagle's
 * peak EWMA). `draws` are uniform in [0, 1).
 */
export function chooseCandidate<T extends Candidate>(
  candidates: readonly [T, ...T[]],
  options: {
    readonly affinity: string | null
    /** Not to be used for probing while there is another way. */
    readonly isUrgent: boolean
    readonly draws: readonly [number, number]
  },
): T {
  const best = bestClass(sparingProbes(candidates, options.isUrgent))
  const soonestMs = Math.min(...best.map(({ waitMs }) => waitMs))
  const preferred = best.find(
    ({ name, isProbe, waitMs }) => name === options.affinity && !isProbe && waitMs <= soonestMs + affinityToleranceMs,
  )
  const probe = best.find(({ isProbe }) => isProbe)
  return preferred ?? probe ?? betterOfTwo(best, options.draws)
}

type NonEmpty<T> = readonly [T, ...T[]]

function isNonEmpty<T>(items: readonly T[]): items is NonEmpty<T> {
  return items.length > 0
}

function sparingProbes<T extends Candidate>(candidates: NonEmpty<T>, isUrgent: boolean): NonEmpty<T> {
  const others = candidates.filter(({ isProbe }) => !isProbe)
  return isUrgent && isNonEmpty(others) ? others : candidates
}

function bestClass<T extends Candidate>(candidates: NonEmpty<T>): NonEmpty<T> {
  const lowest = Math.min(...candidates.map(({ priority }) => priority))
  const best = candidates.filter(({ priority }) => priority === lowest)
  return isNonEmpty(best) ? best : candidates
}

function drawByWeight<T extends Candidate>(candidates: NonEmpty<T>, draw: number): T {
  let left = draw * candidates.reduce((sum, { weight }) => sum + weight, 0)
  for (const candidate of candidates) {
    if (left < candidate.weight) return candidate
    left -= candidate.weight
  }
  return candidates[0]
}

function betterOfTwo<T extends Candidate>(candidates: NonEmpty<T>, [draw, secondDraw]: readonly [number, number]): T {
  const first = drawByWeight(candidates, draw)
  const others = candidates.filter((candidate) => candidate !== first)
  if (!isNonEmpty(others)) return first
  const second = drawByWeight(others, secondDraw)
  return isBetter(second, first) ? second : first
}

function isBetter(one: Candidate, other: Candidate): boolean {
  const laterMs = one.waitMs - other.waitMs
  if (Math.abs(laterMs) > waitToleranceMs) return laterMs < 0
  const areKnown = one.latencyMs !== null && other.latencyMs !== null
  return load(one, areKnown) < load(other, areKnown)
}

function load({ inFlight, latencyMs, weight }: Candidate, isLatencyKnown: boolean): number {
  return ((inFlight + 1) * (isLatencyKnown ? Math.max(1, latencyMs ?? 1) : 1)) / weight
}
