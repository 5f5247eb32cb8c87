import type { StatsResource } from "@sluice/core"
import { expect, test } from "vitest"
import { endSeries, tierSeries } from "./series-of.ts"

const step = (changes: Partial<StatsResource["data"][number]>): StatsResource["data"][number] => ({
  at: "2026-11-29T14:00:00.000Z",
  succeeded: 0,
  failed: 0,
  cancelled: 0,
  expired: 0,
  jobsPerSecond: 0,
  successShare: null,
  degraded: 0,
  cached: 0,
  tiers: { primary: 0, fallback: 0, rules: 0, cache: 0, static: 0 },
  latencyMs: { p50: null, p95: null, p99: null },
  ...changes,
})

test("ends are told a second", () => {
  const values = endSeries([step({ succeeded: 120, failed: 3, expired: 3 })], 60_000).map((one) => one.values)
  expect(values).toEqual([[2], [0.1], [0]])
})

test("shares of tiers add up to one, have gaps where nothing was answered, and leave out who never answered", () => {
  const series = tierSeries([step({}), step({ tiers: { primary: 3, fallback: 1, rules: 0, cache: 0, static: 0 } })])
  expect(series.map(({ label, values }) => [label, values])).toEqual([
    ["primary", [null, 0.75]],
    ["fallback", [null, 0.25]],
  ])
})
