import {
  addFigures,
  allTenants,
  type Clock,
  type Figures,
  histograms,
  type StatsFigures,
  type StatsResource,
  type StatsWindow,
  tierNames,
  type UsageReports,
} from "@sluice/core"
import { freshness } from "./report-usage.ts"

export interface StatsRequest {
  readonly window: StatsWindow
  readonly route: string | null
  /** Null: all together. */
  readonly tenantId: string | null
}

export type ReportStats = (request: StatsRequest) => Promise<StatsResource>

export interface ReportStatsOptions {
  readonly reports: UsageReports
  readonly clock: Clock
}

const minuteMs = 60_000
const hourMs = 60 * minuteMs

/** The rows to be read, and how they are put together. */
const windows = {
  "15m": { grain: "minute", stepMs: minuteMs, steps: 15 },
  "1h": { grain: "minute", stepMs: minuteMs, steps: 60 },
  "6h": { grain: "minute", stepMs: 5 * minuteMs, steps: 72 },
  "24h": { grain: "minute", stepMs: 15 * minuteMs, steps: 96 },
  "7d": { grain: "hour", stepMs: hourMs, steps: 168 },
} as const satisfies Record<StatsWindow, unknown>

/** How jobs fared, step by step up to now. */
export function createReportStats({ reports, clock }: ReportStatsOptions): ReportStats {
  return async ({ window, route, tenantId }) => {
    const { grain, stepMs, steps } = windows[window]
    const nowMs = clock().getTime()
    const stepOf = (ms: number) => Math.floor(ms / stepMs) * stepMs
    const firstMs = stepOf(nowMs) - (steps - 1) * stepMs
    const request = { grain, tenantId: tenantId ?? allTenants, route, from: new Date(firstMs) }
    const [asOf, rows] = await Promise.all([freshness(reports, clock), reports.buckets(request)])
    const byStep = Map.groupBy(rows, ({ at }) => stepOf(at.getTime()))
    const figures = Array.from({ length: steps }, (_, index) => {
      const atMs = firstMs + index * stepMs
      return { atMs, sum: (byStep.get(atMs) ?? []).map((row) => row.figures).reduce(addFigures, {}) }
    })
    const data = figures.map(({ atMs, sum }) => {
      // The last step is not over.
      const seconds = Math.max(1, Math.min(stepMs, nowMs - atMs) / 1_000)
      return { at: new Date(atMs).toISOString(), ...present(sum, seconds) }
    })
    const total = present(figures.map(({ sum }) => sum).reduce(addFigures, {}), Math.max(1, (nowMs - firstMs) / 1_000))
    return { object: "stats", window, stepMs, asOf, data, total }
  }
}

function present(figures: Figures, seconds: number): StatsFigures {
  const of = (name: string) => figures[name] ?? 0
  const [succeeded, failed, cancelled, expired] = [of("succeeded"), of("failed"), of("cancelled"), of("expired")]
  const judged = succeeded + failed + expired
  return {
    succeeded,
    failed,
    cancelled,
    expired,
    jobsPerSecond: (judged + cancelled) / seconds,
    successShare: judged === 0 ? null : succeeded / judged,
    degraded: of("degraded"),
    cached: of("cached"),
    tiers: Object.fromEntries(tierNames.map((tier) => [tier, of(`tier_${tier}`)])),
    latencyMs: {
      p50: histograms.latency.quantile(figures, 0.5),
      p95: histograms.latency.quantile(figures, 0.95),
      p99: histograms.latency.quantile(figures, 0.99),
    },
  }
}
