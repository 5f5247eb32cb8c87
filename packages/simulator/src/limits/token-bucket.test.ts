import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { bucketState, createBucket, draw, waitFor } from "./token-bucket.ts"

const MINUTE_MS = 60_000

describe("a token bucket", () => {
  test("starts full, refuses when empty and says when it will do", () => {
    const bucket = createBucket({ perMinute: 60, burstMs: MINUTE_MS, nowMs: 0 })
    for (let call = 0; call < 60; call++) {
      expect(waitFor(bucket, 1, 0)).toBe(0)
      draw(bucket, 1, 0)
    }
    expect(waitFor(bucket, 1, 0)).toBe(1000)
    expect(waitFor(bucket, 1, 999)).toBe(1)
    expect(waitFor(bucket, 1, 1000)).toBe(0)
  })

  test("holds no more than its burst", () => {
    const bucket = createBucket({ perMinute: 600, burstMs: 1000, nowMs: 0 })
    expect(bucketState(bucket, 10 * MINUTE_MS)).toEqual({ limit: 600, remaining: 10, resetMs: 0 })
  })

  test("lets an amount above the burst pass when full, and pays the debt back before the next", () => {
    const bucket = createBucket({ perMinute: 600, burstMs: 1000, nowMs: 0 })
    expect(waitFor(bucket, 100, 0)).toBe(0)
    draw(bucket, 100, 0)
    expect(bucketState(bucket, 0)).toEqual({ limit: 600, remaining: 0, resetMs: 10_000 })
    expect(waitFor(bucket, 1, 0)).toBe(9100)
  })

  test("takes back what was charged too much, up to full", () => {
    const bucket = createBucket({ perMinute: 60, burstMs: MINUTE_MS, nowMs: 0 })
    draw(bucket, 50, 0)
    draw(bucket, -20, 0)
    expect(bucketState(bucket, 0).remaining).toBe(30)
    draw(bucket, -1000, 0)
    expect(bucketState(bucket, 0).remaining).toBe(60)
  })

  test("is not drained by a clock that is set back", () => {
    const bucket = createBucket({ perMinute: 60, burstMs: MINUTE_MS, nowMs: 10_000 })
    expect(bucketState(bucket, 0).remaining).toBe(60)
  })

  const attempts = fc.array(fc.record({ afterMs: fc.integer({ min: 0, max: 5000 }), amount: fc.integer({ min: 1, max: 40 }) }), {
    maxLength: 100,
  })
  const settings = fc.record({ perMinute: fc.integer({ min: 40, max: 6000 }), burstMs: fc.integer({ min: 500, max: MINUTE_MS }) })

  test("never gives more than burst, refill and the one draw that may go into debt", () => {
    fc.assert(
      fc.property(settings, attempts, ({ perMinute, burstMs }, given) => {
        const bucket = createBucket({ perMinute, burstMs, nowMs: 0 })
        let nowMs = 0
        let drawn = 0
        let largest = 0
        for (const { afterMs, amount } of given) {
          nowMs += afterMs
          if (waitFor(bucket, amount, nowMs) > 0) continue
          draw(bucket, amount, nowMs)
          drawn += amount
          largest = Math.max(largest, amount)
        }
        const refilled = (nowMs * perMinute) / MINUTE_MS
        expect(drawn).toBeLessThanOrEqual(bucket.capacity + refilled + Math.max(0, largest - bucket.capacity) + 1e-3)
      }),
    )
  })

  test("keeps its word: after the wait that it names, the draw is allowed, and a millisecond before it was not", () => {
    fc.assert(
      fc.property(settings, attempts, fc.integer({ min: 1, max: 40 }), ({ perMinute, burstMs }, given, amount) => {
        const bucket = createBucket({ perMinute, burstMs, nowMs: 0 })
        for (const earlier of given) draw(bucket, earlier.amount, 0)
        const waitMs = waitFor(bucket, amount, 0)
        if (waitMs > 1) expect(waitFor({ ...bucket }, amount, waitMs - 1)).toBeGreaterThan(0)
        expect(waitFor(bucket, amount, waitMs)).toBe(0)
      }),
    )
  })
})
