import {
  type Amount,
  addAmount,
  amountTaken,
  type Bucket,
  burstMs,
  emptyBucket,
  holdUntil,
  lowerTo,
  type Rates,
  refill,
  refillMs,
  waitMs,
} from "./bucket.ts"
import { countWatched, type LearnedRate, nothingLearned } from "./learned-rate.ts"
import { configureLimits, type Limits, type PerMinute, unknownLimits, usablePerMinute } from "./limits.ts"
import { addTo, noCount, type RecentCount } from "./recent-count.ts"
import { countStarted, noTraffic, recentTraffic, type Traffic } from "./traffic.ts"
import { emptyLine, type WaitingLine } from "./waiting-line.ts"

/** The shared allowance of a limit group and what was seen of it. */
export interface Group {
  readonly limits: Limits
  readonly learned: LearnedRate
  readonly bucket: Bucket
  /** Everything that was ever booked. */
  readonly booked: Amount
  readonly line: WaitingLine
  readonly pausedUntilMs: number
  /** Pauses since the last success for which the provider named no end. */
  readonly blindPauses: number
  readonly traffic: Traffic
  /** By minute. */
  readonly requestsByMinute: RecentCount
  readonly tokensByMinute: RecentCount
}

const msPerMinute = 60_000

export function newGroup(nowMs: number): Group {
  return {
    limits: unknownLimits,
    learned: nothingLearned,
    bucket: emptyBucket(nowMs),
    booked: { requests: 0, tokens: 0 },
    line: emptyLine,
    pausedUntilMs: 0,
    blindPauses: 0,
    traffic: noTraffic,
    requestsByMinute: noCount,
    tokensByMinute: noCount,
  }
}

export function minuteOf(nowMs: number): number {
  return Math.floor(nowMs / msPerMinute)
}

/** What may be used now, of all that is configured, reported and learned. */
export function allowedPerMinute({ limits, learned }: Pick<Group, "limits" | "learned">): PerMinute {
  const known = usablePerMinute(limits)
  if (learned.perMinute === null || (known.requests !== null && known.requests <= learned.perMinute)) return known
  return { ...known, requests: learned.perMinute }
}

export function ratesOf(group: Pick<Group, "limits" | "learned">): Rates {
  const { requests, tokens } = allowedPerMinute(group)
  return {
    requests: requests === null ? null : requests / msPerMinute,
    tokens: tokens === null ? null : tokens / msPerMinute,
  }
}

/** Brings the buckets to the present, then takes over the limits of the configuration. */
export function configureGroup(
  group: Group,
  options: { readonly version: number; readonly perMinute: PerMinute; readonly nowMs: number },
): Group {
  const { version, perMinute, nowMs } = options
  return { ...group, bucket: refill(group.bucket, ratesOf(group), nowMs), limits: configureLimits(group.limits, version, perMinute) }
}

/** How long a start booked now would have to wait. */
export function groupWaitMs(group: Group, nowMs: number): number {
  return waitMs(group.bucket, ratesOf(group), nowMs)
}

/** How long it takes until the allowance for one more start of this size has come together. */
export function startGapMs(group: Group, tokens: number): number {
  return refillMs(ratesOf(group), { requests: 1, tokens })
}

/**
 * How long one who has booked has to wait. `bookedBefore`: everything that was booked before; what was booked since does not
 * count, and a pause or a new rate counts for everybody.
 */
export function bookingWaitMs(group: Group, bookedBefore: Amount, nowMs: number): number {
  const { bucket, booked } = group
  const own = {
    ...bucket,
    requests: bucket.requests + (booked.requests - bookedBefore.requests),
    tokens: bucket.tokens + (booked.tokens - bookedBefore.tokens),
  }
  return waitMs(own, ratesOf(group), nowMs)
}

/** Whether fewer starts were made in the last seconds than the rate and one burst allow. */
export function hasRoomNow(group: Group, nowMs: number): boolean {
  const { requests } = ratesOf(group)
  const { starts, spanMs } = recentTraffic(group.traffic, nowMs)
  return requests === null || starts < requests * (spanMs + burstMs)
}

export function bookStart(group: Group, tokens: number): Group {
  const { bucket, booked } = group
  const rates = ratesOf(group)
  const amount = amountTaken(bucket, rates, { requests: 1, tokens })
  return {
    ...group,
    bucket: addAmount(bucket, rates, { requests: -amount.requests, tokens: -amount.tokens }),
    booked: { requests: booked.requests + amount.requests, tokens: booked.tokens + amount.tokens },
  }
}

/**
 * Takes back a start that will not be made. The request is lost if others are booked behind it: they keep their times, and
 * a later one put in its place would start beside them.
 */
export function giveStartBack(group: Group, tokens: number): Group {
  const isLast = group.bucket.requests >= -1
  return { ...group, bucket: addAmount(group.bucket, ratesOf(group), { requests: isLast ? 1 : 0, tokens }) }
}

/** Counts a start that was admitted, whenever it was booked. */
export function countStart(group: Group, tokens: number, nowMs: number): Group {
  return {
    ...group,
    learned: countWatched(group.learned),
    traffic: countStarted(group.traffic, nowMs),
    requestsByMinute: addTo(group.requestsByMinute, minuteOf(nowMs), 1),
    tokensByMinute: addTo(group.tokensByMinute, minuteOf(nowMs), tokens),
  }
}

/** Replaces the tokens that were reserved for a call by those that it used. */
export function correctTokens(group: Group, options: { readonly reserved: number; readonly used: number; readonly nowMs: number }): Group {
  const { reserved, used, nowMs } = options
  return {
    ...group,
    bucket: addAmount(group.bucket, ratesOf(group), { requests: 0, tokens: reserved - used }),
    tokensByMinute: addTo(group.tokensByMinute, minuteOf(nowMs), used - reserved),
  }
}

/** Leaves at most so much in the buckets. */
export function lowerGroup(group: Group, most: { readonly requests: number | null; readonly tokens: number | null }): Group {
  return { ...group, bucket: lowerTo(group.bucket, most) }
}

export function pauseGroup(group: Group, untilMs: number): Group {
  if (untilMs <= group.pausedUntilMs) return group
  return { ...group, pausedUntilMs: untilMs, bucket: holdUntil(group.bucket, untilMs) }
}
