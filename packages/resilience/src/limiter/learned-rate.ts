import type { RecentTraffic } from "./traffic.ts"

/**
 * A rate learned from refusals alone, for providers whose real limit is below the configured one and who do not report it.
 * Additive increase and multiplicative decrease in TCP's manner: a cut starts from what was really used (RFC 5681, section
 * 3.1), growth needs the rate to be used (RFC 7661), is careful near the last known ceiling and gains speed beyond it
 * (RFC 9438).
 */
export interface LearnedRate {
  /** Requests per minute; null: nothing was learned, the known limits hold. */
  readonly perMinute: number | null
  /** Since the last cut. Those that came while little was used count as one. */
  readonly successes: number
  /** What was used when the last cut was made. */
  readonly roundPerMinute: number
  /** The starts of the round that brought the last cut: those of the last seconds, and those that were promised already. */
  readonly roundStarts: number
  /** How many of them have been refused so far. */
  readonly roundRefusals: number
  /** When the last start of that round is made; later ones are a new round. */
  readonly roundEndsMs: number
}

export const nothingLearned: LearnedRate = {
  perMinute: null,
  successes: 1,
  roundPerMinute: 0,
  roundStarts: 0,
  roundRefusals: 0,
  roundEndsMs: 0,
}

const minLearnedPerMinute = 1
const gentleCut = 0.9
const deepestCut = 0.25
/** With fewer starts the share of refusals is chance. */
const startsForShare = 10
/** By each success: so that the tenth that a cut takes at least comes back with about 150 of them. */
const growth = 0.0005
/** After so many successes growth is twice as fast. */
const successesToDouble = 200
/** Above, growth goes by time, since what a faster rate leads to is not seen any sooner. */
const pacedPerMinute = 300

/** What is left of the rate: the share that was accepted, where enough was seen to tell. */
function keptShare(starts: number, refusals: number): number {
  if (starts < startsForShare) return gentleCut
  return Math.min(gentleCut, Math.max(deepestCut, 1 - refusals / starts))
}

/**
 * After a refusal: one cut for each round of calls, deepened by each further refusal of the round. There is no second cut
 * without a success since the first: what refuses everything says nothing about a rate.
 */
export function cutRate(
  learned: LearnedRate,
  options: {
    /** What is allowed now; null: everything. */
    readonly allowedPerMinute: number | null
    readonly traffic: RecentTraffic
    readonly startedAtMs: number
    /** In how long the last start that is promised already will be made. */
    readonly promisedMs: number
    readonly nowMs: number
  },
): LearnedRate {
  if (options.startedAtMs < learned.roundEndsMs) return deepenCut(learned)
  if (learned.successes === 0) return learned
  const { starts, refusals, spanMs, peakPerSecond } = options.traffic
  const usedPerMinute = (peakPerSecond + 1) * 60
  const roundPerMinute = options.allowedPerMinute === null ? usedPerMinute : Math.min(options.allowedPerMinute, usedPerMinute)
  return {
    perMinute: Math.max(minLearnedPerMinute, roundPerMinute * keptShare(starts, refusals)),
    successes: 0,
    roundPerMinute,
    roundStarts: starts * (1 + options.promisedMs / spanMs),
    roundRefusals: refusals,
    roundEndsMs: options.nowMs + options.promisedMs,
  }
}

function deepenCut(learned: LearnedRate): LearnedRate {
  if (learned.perMinute === null) return learned
  const roundRefusals = learned.roundRefusals + 1
  const deepened = Math.max(minLearnedPerMinute, learned.roundPerMinute * keptShare(learned.roundStarts, roundRefusals))
  return { ...learned, roundRefusals, perMinute: Math.min(learned.perMinute, deepened) }
}

/** After a success. What has grown to the known limit is forgotten. */
export function growRate(
  learned: LearnedRate,
  options: { readonly knownPerMinute: number | null; readonly traffic: RecentTraffic },
): LearnedRate {
  const { perMinute, successes } = learned
  if (perMinute === null) return learned
  const { starts, spanMs } = options.traffic
  // One start more than was seen, lest the time between two calls be taken for a lack of them.
  const isUsed = ((starts + 1) * 60_000 * 2) / spanMs >= perMinute
  if (!isUsed) return { ...learned, successes: Math.max(1, successes) }
  const pace = Math.max(1, perMinute / pacedPerMinute)
  const grown = perMinute * (1 + (growth / pace) * (1 + successes / (successesToDouble * pace)))
  const isForgotten = options.knownPerMinute !== null && grown >= options.knownPerMinute
  return { ...learned, perMinute: isForgotten ? null : grown, successes: successes + 1 }
}
