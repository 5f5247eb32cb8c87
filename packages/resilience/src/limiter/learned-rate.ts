import type { RecentTraffic } from "./traffic.ts"

/** Calls that were started, and how many of them were refused so far. */
interface Sample {
  readonly starts: number
  readonly refusals: number
}

interface Round extends Sample {
  readonly spanMs: number
}

interface Watched extends Sample {
  readonly sinceMs: number
}

/** The last cut, until it is taken back. */
interface RateCut {
  /** What was used when it was made. */
  readonly usedPerMinute: number
  /** The calls that brought it: those of the last seconds, and those that were promised already. */
  readonly round: Round
  /** When the last start of the round is made; later ones are judged by. */
  readonly roundEndsMs: number
  /** What it was cut to. */
  readonly cutPerMinute: number
  readonly isOnTrial: boolean
}

/**
 * A rate learned from refusals alone, for providers whose real limit is below the configured one and who do not report it.
 *
 * Some providers refuse a share of their calls at any rate. That is noise, and a lower rate does not help against it. So the
 * rate is cut only when clearly more than the known noise is refused: by eight calls for the first cut, by three when a cut has
 * shown before that there is a limit. It is cut to what was accepted of late, and the cut is on trial, for if there is a limit,
 * refusals all but vanish. It stands when the share that brought it would have refused 16 calls since and the rate has grown a
 * little again. It is taken back, and with it all that was learned, when before that at least eight calls, and half of
 * that share, are refused; what was refused is the noise from then on, forgotten evenly over ten minutes. What is refused more often than any noise is cut again instead.
 *
 * For the rest, additive increase and multiplicative decrease in TCP's manner: a cut starts from what was really used
 * (RFC 5681, section 3.1), growth needs the rate to be used (RFC 7661), is careful near the last known ceiling and gains speed
 * beyond it (RFC 9438).
 */
export interface LearnedRate {
  /** Requests per minute; null: nothing was learned, the known limits hold. */
  readonly perMinute: number | null
  /** Since the last cut. Those that came while little was used count as one. */
  readonly successes: number
  readonly cut: RateCut | null
  /** Since the last cut; after its trial since refusals were last no more than noise. */
  readonly watched: Watched
  /** The share that is refused at any rate, as it was last seen. */
  readonly noise: { readonly share: number; readonly atMs: number }
}

const noCalls = { starts: 0, refusals: 0, sinceMs: 0 }

export const nothingLearned: LearnedRate = {
  perMinute: null,
  successes: 1,
  cut: null,
  watched: noCalls,
  noise: { share: 0, atMs: 0 },
}

const minLearnedPerMinute = 1
/** With fewer starts the share of refusals is chance. */
const startsForShare = 10
const gentleCut = 0.9
/** As far as a cut goes by few refusals, by such as may be noise, and by such as are not. */
const deepestCutByFew = 0.75
const deepestCutByNoise = 0.5
const deepestCut = 0.25
/** A little less than what was accepted, so that nothing is refused. */
const cutMargin = 0.95
/** What is surely refused more often is no noise. */
const mostNoise = 0.25
const noiseKeptMs = 600_000
/** Beyond the noise: what is still chance. */
const noiseMargin = 1.25
const chanceShare = 0.02
const refusalsToCutFirst = 8
const refusalsToCutAgain = 3
/** A trial lasts until an unchanged share would have refused so many, and the rate has grown by so much. */
const trialRefusals = 16
const trialGrowth = 1.04
/** So many refusals, and such a part of the share, take a cut back. */
const refusalsToTakeBack = 8
const shareToTakeBack = 0.5
/** By each success: so that the tenth that a cut takes at least comes back with about 150 of them. */
const growth = 0.0005
/** After so many successes growth is twice as fast. */
const successesToDouble = 200
/** Above, growth goes by time, since what a faster rate leads to is not seen any sooner. */
const pacedPerMinute = 300

export interface RefusalOptions {
  /** What is allowed now; null: everything. */
  readonly allowedPerMinute: number | null
  readonly traffic: RecentTraffic
  readonly startedAtMs: number
  /** In how long the last start that is promised already will be made. */
  readonly promisedMs: number
  readonly nowMs: number
}

function shareOf({ starts, refusals }: Sample): number {
  return Math.min(1, refusals / Math.max(1, starts))
}

/** By one standard deviation of the count. */
function isBeyondNoise({ starts, refusals }: Sample): boolean {
  return refusals - Math.sqrt(refusals) > mostNoise * starts
}

function noiseNow({ noise }: LearnedRate, nowMs: number): number {
  return noise.share * Math.max(0, 1 - (nowMs - noise.atMs) / noiseKeptMs)
}

function deepestCutBy(sample: Sample): number {
  if (sample.refusals < refusalsToCutFirst) return deepestCutByFew
  return isBeyondNoise(sample) ? deepestCut : deepestCutByNoise
}

/** What was accepted, pauses included, of what was used. */
function keptShare(sample: Round, usedPerMinute: number, noise: number): number {
  const { starts, refusals, spanMs } = sample
  if (starts < startsForShare) return gentleCut
  const accepted = Math.max(0, starts - Math.max(0, refusals - noise * starts))
  const kept = (accepted * 60_000) / Math.max(1, spanMs) / usedPerMinute
  return Math.min(gentleCut, Math.max(deepestCutBy(sample), kept * cutMargin))
}

/** Counts a start. */
export function countWatched(learned: LearnedRate): LearnedRate {
  const { watched } = learned
  return { ...learned, watched: { ...watched, starts: watched.starts + 1 } }
}

/**
 * After a refusal: one cut for each round of calls, deepened by each further refusal of the round. There is no second cut
 * without a success since the first: what refuses everything says nothing about a rate.
 */
export function learnFromRefusal(learned: LearnedRate, options: RefusalOptions): LearnedRate {
  const { cut } = learned
  if (cut !== null && options.startedAtMs < cut.roundEndsMs) return deepenCut(learned, cut, options.nowMs)
  if (learned.successes === 0) return learned
  if (cut === null || !cut.isOnTrial) return watch(learned, options)
  const { watched } = learned
  const hasGrown = learned.perMinute === null || learned.perMinute >= cut.cutPerMinute * trialGrowth
  const isOver = hasGrown && watched.starts * shareOf(cut.round) >= trialRefusals
  if (!isOver) return judgeCut(learned, cut, options)
  return watch({ ...learned, cut: { ...cut, isOnTrial: false }, watched: noCalls }, options)
}

function watch(learned: LearnedRate, options: RefusalOptions): LearnedRate {
  const noise = noiseNow(learned, options.nowMs)
  const tolerated = noise * noiseMargin + chanceShare
  const { starts, refusals, sinceMs } =
    learned.watched.refusals > learned.watched.starts * tolerated ? learned.watched : { ...noCalls, sinceMs: options.nowMs }
  const watched = { starts, refusals: refusals + 1, sinceMs }
  const isFirst = learned.cut === null || noise > chanceShare
  const chance = (isFirst ? refusalsToCutFirst : refusalsToCutAgain) + tolerated * (starts + options.traffic.starts)
  return watched.refusals >= chance ? cutRate({ ...learned, watched }, options) : { ...learned, watched }
}

function judgeCut(learned: LearnedRate, cut: RateCut, options: RefusalOptions): LearnedRate {
  const watched = { ...learned.watched, refusals: learned.watched.refusals + 1 }
  if (watched.refusals < Math.max(refusalsToTakeBack, watched.starts * shareOf(cut.round) * shareToTakeBack)) return { ...learned, watched }
  if (isBeyondNoise(watched) || isBeyondNoise(cut.round)) return cutRate({ ...learned, watched }, options)
  const share = Math.min(mostNoise, Math.max(shareOf(watched), noiseNow(learned, options.nowMs)))
  return {
    perMinute: null,
    successes: 1,
    cut: null,
    watched: noCalls,
    noise: { share, atMs: options.nowMs },
  }
}

function cutRate(learned: LearnedRate, options: RefusalOptions): LearnedRate {
  const { allowedPerMinute, traffic, promisedMs, nowMs } = options
  const sample = learned.watched.starts < startsForShare ? traffic : { ...learned.watched, spanMs: nowMs - learned.watched.sinceMs }
  const peakPerMinute = (traffic.peakPerSecond + 1) * 60
  const usedPerMinute = allowedPerMinute === null ? peakPerMinute : Math.min(allowedPerMinute, peakPerMinute)
  const perMinute = Math.max(minLearnedPerMinute, usedPerMinute * keptShare(sample, usedPerMinute, noiseNow(learned, nowMs)))
  return {
    ...learned,
    perMinute,
    successes: 0,
    cut: {
      usedPerMinute,
      round: {
        starts: sample.starts + (traffic.starts * promisedMs) / traffic.spanMs,
        refusals: sample.refusals,
        spanMs: sample.spanMs + promisedMs,
      },
      roundEndsMs: nowMs + promisedMs,
      isOnTrial: true,
      cutPerMinute: perMinute,
    },
    watched: { ...noCalls, sinceMs: nowMs },
  }
}

function deepenCut(learned: LearnedRate, cut: RateCut, nowMs: number): LearnedRate {
  const round = { ...cut.round, refusals: cut.round.refusals + 1 }
  const deepened = { ...learned, cut: { ...cut, round } }
  if (learned.perMinute === null) return deepened
  const perMinute = Math.max(minLearnedPerMinute, cut.usedPerMinute * keptShare(round, cut.usedPerMinute, noiseNow(learned, nowMs)))
  if (learned.perMinute <= perMinute) return deepened
  return { ...deepened, perMinute, cut: { ...deepened.cut, cutPerMinute: perMinute } }
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
