import {
  allTenants,
  type Clock,
  type Figures,
  histograms,
  type StatsFigures,
  type StatsResource,
  type StatsWindow,
  sumFigures,
  tierNames,
  type UsageReports,
} from "@sluice/core"
import { freshness } from "./report-usage.ts"
import { type Stepping, steppings, stepsUntil, sumBySteps } from "./steps.ts"

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

/** How jobs fared, step by step up to now. */
export function createReportStats({ reports, clock }: ReportStatsOptions): ReportStats {
  return async ({ window, route, tenantId }) => {
    const stepping: Stepping = steppings[window]
    const { grain, stepMs } = stepping
    const nowMs = clock().getTime()
    const beginnings = stepsUntil(nowMs, stepping)
    const firstMs = beginnings[0] ?? nowMs
    const request = { grain, tenantId: tenantId ?? allTenants, route, from: new Date(firstMs) }
    const [asOf, rows] = await Promise.all([freshness(reports, clock), reports.buckets(request)])
    const steps = sumBySteps(rows, beginnings, stepping)
    const data = steps.map(({ atMs, figures }) => {
      // The last step is not over.
      const seconds = Math.max(1, Math.min(stepMs, nowMs - atMs) / 1_000)
      return { at: new Date(atMs).toISOString(), ...present(figures, seconds) }
    })
    const total = present(sumFigures(steps.map(({ figures }) => figures)), Math.max(1, (nowMs - firstMs) / 1_000))
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
