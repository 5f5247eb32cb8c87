/**
 * Two token buckets under one clock, for requests and for tokens. A start is booked instead of waited for: it is deducted at
 * once, below zero if need be, and the debt says when it may start. So large and small starts wait alike, and none has to
 * ask again. (The arithmetic of GCRA, ITU-T I.371, in amounts instead of times, so that a changed rate counts from then on.)
 */
export interface Bucket {
  readonly requests: number
  readonly tokens: number
  /** The amounts are as of this time. In the future: nothing is refilled, and nothing starts, before it. */
  readonly filledAtMs: number
}

/** Per millisecond; null: not limited. */
export interface Rates {
  readonly requests: number | null
  readonly tokens: number | null
}

export interface Amount {
  readonly requests: number
  readonly tokens: number
}

/** A full bucket holds what this time brings. */
export const burstMs = 1_000

/** Nothing is known of what was used before, so nothing is taken for granted. */
export function emptyBucket(nowMs: number): Bucket {
  return { requests: 0, tokens: 0, filledAtMs: nowMs }
}

function filled(level: number, rate: number | null, elapsedMs: number): number {
  return rate === null ? 0 : Math.min(rate * burstMs, level + elapsedMs * rate)
}

export function refill(bucket: Bucket, rates: Rates, nowMs: number): Bucket {
  const elapsedMs = nowMs - bucket.filledAtMs
  if (elapsedMs <= 0) return bucket
  return {
    requests: filled(bucket.requests, rates.requests, elapsedMs),
    tokens: filled(bucket.tokens, rates.tokens, elapsedMs),
    filledAtMs: nowMs,
  }
}

function debtMs(level: number, rate: number | null): number {
  return rate === null || level >= 0 ? 0 : -level / rate
}

/** How long until what was booked so far is paid for, counted from when refilling begins. */
function longestDebtMs(bucket: Bucket, rates: Rates): number {
  return Math.max(debtMs(bucket.requests, rates.requests), debtMs(bucket.tokens, rates.tokens))
}

/** How long the next start has to wait. */
export function waitMs(bucket: Bucket, rates: Rates, nowMs: number): number {
  return Math.max(0, bucket.filledAtMs - nowMs) + longestDebtMs(bucket, rates)
}

function taken(level: number, rate: number | null, { amount, debtMs }: { readonly amount: number; readonly debtMs: number }): number {
  return rate === null ? amount : level - Math.min(level, rate * (burstMs - debtMs)) + amount
}

/**
 * What the next start takes: its own amount, and of the bucket that it does not wait for whatever would be more than a burst
 * when it starts. Else those who wait for tokens would find their requests saved up, and start all at once.
 */
export function amountTaken(bucket: Bucket, rates: Rates, { requests, tokens }: Amount): Amount {
  const debtMs = longestDebtMs(bucket, rates)
  return {
    requests: taken(bucket.requests, rates.requests, { amount: requests, debtMs }),
    tokens: taken(bucket.tokens, rates.tokens, { amount: tokens, debtMs }),
  }
}

/** How long it takes to refill the amount. */
export function refillMs(rates: Rates, amount: Amount): number {
  return Math.max(rates.requests === null ? 0 : amount.requests / rates.requests, rates.tokens === null ? 0 : amount.tokens / rates.tokens)
}

function added(level: number, rate: number | null, amount: number): number {
  return rate === null ? 0 : Math.min(rate * burstMs, level + amount)
}

/** Puts an amount back, or with a negative one takes it out. */
export function addAmount(bucket: Bucket, rates: Rates, amount: Amount): Bucket {
  return {
    ...bucket,
    requests: added(bucket.requests, rates.requests, amount.requests),
    tokens: added(bucket.tokens, rates.tokens, amount.tokens),
  }
}

/** Leaves at most so much in it; null: that one stays. */
export function lowerTo(bucket: Bucket, most: { readonly requests: number | null; readonly tokens: number | null }): Bucket {
  return {
    ...bucket,
    requests: most.requests === null ? bucket.requests : Math.min(bucket.requests, most.requests),
    tokens: most.tokens === null ? bucket.tokens : Math.min(bucket.tokens, most.tokens),
  }
}

/** Empties it and lets nothing start before that time. What is booked already stays booked. */
export function holdUntil(bucket: Bucket, untilMs: number): Bucket {
  return { ...lowerTo(bucket, { requests: 0, tokens: 0 }), filledAtMs: Math.max(bucket.filledAtMs, untilMs) }
}
