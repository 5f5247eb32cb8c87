import fc from "fast-check"
import { describe, expect, test } from "vitest"
import type { Figures } from "../usage/figures.ts"
import { histograms } from "../usage/histogram.ts"
import { burnRateOf, countEvents } from "./count-events.ts"
import { objectivesOf } from "./objective.ts"

const named = (name: string, config: Parameters<typeof objectivesOf>[0] = {}) => {
  const found = objectivesOf(config).find((objective) => objective.name === name)
  if (!found) throw new Error(`There is no ${name}`)
  return found
}

describe("the objectives in force", () => {
  test("are the defaults, changed by the installation, changed by the route", () => {
    expect(objectivesOf({})).toEqual([
      { name: "availability", target: 0.99, limitMs: null },
      { name: "quality", target: 0.95, limitMs: null },
      { name: "latency", target: 0.99, limitMs: 60_000 },
      { name: "cache_freshness", target: 0.95, limitMs: 86_400_000 },
    ])
    const installation = { availability: { target: 0.9 }, latency: "off", quality: {} } as const
    expect(objectivesOf(installation, { latency: { p99Ms: 5_000 }, cacheFreshness: "off" })).toEqual([
      { name: "availability", target: 0.9, limitMs: null },
      { name: "quality", target: 0.95, limitMs: null },
      { name: "latency", target: 0.99, limitMs: 5_000 },
    ])
  })
})

describe("what objectives count", () => {
  const figures: Figures = {
    ...{ succeeded: 96, failed: 3, expired: 1, cancelled: 7, tier_primary: 90, tier_fallback: 4, tier_static: 2 },
    ...{ error_invalid_input: 2, error_provider_internal: 1, error_deadline_exceeded: 1 },
  }

  test("availability leaves out what callers cancelled or asked for in vain", () => {
    expect(countEvents(named("availability"), figures)).toEqual({ events: 98, bad: 2 })
  })

  test("quality counts the answers that no model gave as bad", () => {
    expect(countEvents(named("quality"), figures)).toEqual({ events: 96, bad: 2 })
  })

  test("times count as bad above their limit, to within a class of 5 %", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 600_000 }), { maxLength: 50 }),
        fc.integer({ min: 1, max: 600_000 }),
        (times, limitMs) => {
          const rows: Record<string, number> = {}
          for (const ms of times) {
            const figure = histograms.primaryLatency.figure(ms)
            rows[figure] = (rows[figure] ?? 0) + 1
          }
          const { events, bad } = countEvents(named("latency", { latency: { p99Ms: limitMs } }), rows)
          expect(events).toBe(times.length)
          expect(bad).toBeLessThanOrEqual(times.filter((ms) => ms > limitMs).length)
          expect(bad).toBeGreaterThanOrEqual(times.filter((ms) => ms > limitMs * 1.06 + 1).length)
        },
      ),
    )
  })

  test("a burn rate of 1 uses up just what the target allows", () => {
    expect(burnRateOf({ target: 0.9 }, { events: 100, bad: 10 })).toBeCloseTo(1)
    expect(burnRateOf({ target: 0.99 }, { events: 100, bad: 0 })).toBe(0)
    expect(burnRateOf({ target: 0.99 }, { events: 0, bad: 0 })).toBeNull()
  })
})
