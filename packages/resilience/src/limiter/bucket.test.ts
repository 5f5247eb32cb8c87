import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { addAmount, amountTaken, burstMs, emptyBucket, holdUntil, type Rates, refill, waitMs } from "./bucket.ts"

interface Arrival {
  readonly afterMs: number
  readonly tokens: number
}

const arrivals = fc.array(
  fc.record({
    afterMs: fc.oneof(fc.integer({ min: 0, max: 30 }), fc.integer({ min: 0, max: 3_000 })),
    tokens: fc.integer({ min: 0, max: 5_000 }),
  }),
  { minLength: 1, maxLength: 60 },
)
const ratesArbitrary = fc.record({ requests: fc.constantFrom(0.001, 0.02, 1), tokens: fc.constantFrom(null, 0.5, 10, 1_000) })

/** When each of the arrivals may start. */
function startsOf(rates: Rates, list: readonly Arrival[]): readonly { readonly atMs: number; readonly tokens: number }[] {
  let nowMs = 0
  let bucket = emptyBucket(0)
  return list.map(({ afterMs, tokens }) => {
    nowMs += afterMs
    bucket = refill(bucket, rates, nowMs)
    const atMs = nowMs + waitMs(bucket, rates, nowMs)
    const amount = amountTaken(bucket, rates, { requests: 1, tokens })
    bucket = addAmount(bucket, rates, { requests: -amount.requests, tokens: -amount.tokens })
    return { atMs, tokens }
  })
}

describe("what a bucket lets start", () => {
  test("is never more than the rate, one burst and one call in any window", () => {
    fc.assert(
      fc.property(ratesArbitrary, arrivals, (rates, list) => {
        const starts = startsOf(rates, list)
        for (const [first, from] of starts.entries()) {
          for (const [last, to] of starts.slice(first).entries()) {
            const windowMs = to.atMs - from.atMs
            expect(last + 1).toBeLessThanOrEqual(1 + rates.requests * (windowMs + burstMs) + 1e-6)
            // What the last one takes may be owed.
            const tokens = starts.slice(first, first + last).reduce((sum, start) => sum + start.tokens, 0)
            if (rates.tokens !== null) expect(tokens).toBeLessThanOrEqual(rates.tokens * (windowMs + burstMs) + 1e-6)
          }
        }
      }),
    )
  })

  test("comes in the order of asking and uses the whole rate while there is demand", () => {
    fc.assert(
      fc.property(ratesArbitrary, fc.integer({ min: 2, max: 100 }), (rates, count) => {
        const starts = startsOf(
          { ...rates, tokens: null },
          Array.from({ length: count }, () => ({ afterMs: 0, tokens: 0 })),
        )
        expect(starts.at(-1)?.atMs).toBeCloseTo((count - 1) / rates.requests, 6)
        expect(starts.map(({ atMs }) => atMs)).toEqual(starts.map(({ atMs }) => atMs).toSorted((one, other) => one - other))
      }),
    )
  })

  test("is without limit where there is none", () => {
    const starts = startsOf(
      { requests: null, tokens: null },
      Array.from({ length: 1_000 }, () => ({ afterMs: 0, tokens: 1e6 })),
    )
    expect(new Set(starts.map(({ atMs }) => atMs))).toEqual(new Set([0]))
  })
})

describe("a held bucket", () => {
  const rates = { requests: 0.01, tokens: null }

  test("lets nothing start before, one after, and the next a rate's length later", () => {
    const full = refill(emptyBucket(0), rates, 60_000)
    const held = holdUntil(full, 65_000)
    expect(waitMs(held, rates, 60_000)).toBe(5_000)
    const booked = addAmount(held, rates, { requests: -1, tokens: 0 })
    expect(waitMs(booked, rates, 60_000)).toBe(5_100)
    expect(refill(booked, rates, 64_000)).toEqual(booked)
  })

  test("shifts what was booked before by as much as it is held", () => {
    const booked = addAmount(emptyBucket(0), rates, { requests: -10, tokens: 0 })
    expect(waitMs(booked, rates, 0)).toBe(1_000)
    expect(waitMs(holdUntil(booked, 3_000), rates, 0)).toBe(4_000)
  })
})
