/** An allowance per minute that refills continuously, starts full and may be overdrawn by one large draw. */
export interface TokenBucket {
  readonly perMinute: number
  readonly capacity: number
  /** What is there at `updatedAtMs`; below zero while a debt is paid back. */
  level: number
  updatedAtMs: number
}

/** What a bucket says of itself in response headers. */
export interface BucketState {
  readonly limit: number
  readonly remaining: number
  /** Until it is full again. */
  readonly resetMs: number
}

const MINUTE_MS = 60_000
/** Refilling adds fractions, so a level that should be whole can be short by a rounding error. */
const ROUNDING = 1e-6

/** A full bucket. `burstMs` of the allowance can be drawn at once, and always at least 1. */
export function createBucket({ perMinute, burstMs, nowMs }: { perMinute: number; burstMs: number; nowMs: number }): TokenBucket {
  const capacity = Math.max(1, (perMinute * burstMs) / MINUTE_MS)
  return { perMinute, capacity, level: capacity, updatedAtMs: nowMs }
}

/**
 * Milliseconds until `amount` may be drawn, 0 for now. An amount above the capacity has to wait for a full bucket only
 * (the rest is debt), or a large request could never pass a limit with a short burst.
 */
export function waitFor(bucket: TokenBucket, amount: number, nowMs: number): number {
  refill(bucket, nowMs)
  const missing = Math.min(amount, bucket.capacity) - bucket.level - ROUNDING
  return missing <= 0 ? 0 : Math.ceil((missing * MINUTE_MS) / bucket.perMinute)
}

/** Draws `amount`, which may be negative to give back what was charged too much. Never above the capacity. */
export function draw(bucket: TokenBucket, amount: number, nowMs: number): void {
  refill(bucket, nowMs)
  bucket.level = Math.min(bucket.capacity, bucket.level - amount)
}

export function bucketState(bucket: TokenBucket, nowMs: number): BucketState {
  refill(bucket, nowMs)
  return {
    limit: bucket.perMinute,
    remaining: Math.max(0, Math.floor(bucket.level + ROUNDING)),
    resetMs: Math.ceil(((bucket.capacity - bucket.level) * MINUTE_MS) / bucket.perMinute),
  }
}

function refill(bucket: TokenBucket, nowMs: number): void {
  const elapsedMs = nowMs - bucket.updatedAtMs
  if (elapsedMs <= 0) return // a clock set back must not drain the bucket
  bucket.level = Math.min(bucket.capacity, bucket.level + (elapsedMs * bucket.perMinute) / MINUTE_MS)
  bucket.updatedAtMs = nowMs
}
