import {
  allCalls,
  type Clock,
  type EndpointStatsResource,
  errorsIn,
  type Figures,
  histograms,
  type StatsWindow,
  sumFigures,
  type UsageReports,
  type UsageRow,
} from "@sluice/core"
import { freshness } from "./report-usage.ts"
import { type Step, type Stepping, steppings, stepsUntil, sumBySteps } from "./steps.ts"

export type ReportEndpointStats = (request: { readonly window: StatsWindow }) => Promise<EndpointStatsResource>

export interface ReportEndpointStatsOptions {
  readonly reports: UsageReports
  readonly clock: Clock
}

type EndpointStats = EndpointStatsResource["data"][number]

/** How calls to each endpoint fared, step by step up to now. */
export function createReportEndpointStats({ reports, clock }: ReportEndpointStatsOptions): ReportEndpointStats {
  return async ({ window }) => {
    const stepping: Stepping = steppings[window]
    const beginnings = stepsUntil(clock().getTime(), stepping)
    const from = new Date(beginnings[0] ?? 0)
    const request = { grain: stepping.grain, tenantId: allCalls, route: null, from }
    const [asOf, rows] = await Promise.all([freshness(reports, clock), reports.buckets(request)])
    const byEndpoint = [...Map.groupBy(rows, ({ endpoint }) => endpoint ?? "")].sort(([a], [b]) => (a < b ? -1 : 1))
    const data = byEndpoint.map(([endpoint, its]) => statsOf(endpoint, its, beginnings, stepping))
    return { object: "endpoint_stats", window, stepMs: stepping.stepMs, from: from.toISOString(), asOf, data }
  }
}

function statsOf(endpoint: string, rows: readonly UsageRow[], beginnings: readonly number[], stepping: Stepping): EndpointStats {
  const steps = sumBySteps(rows, beginnings, stepping)
  const figures = sumFigures(steps.map((step) => step.figures))
  const { calls, failed, cancelled } = countsOf(figures)
  const judged = calls - cancelled
  return {
    endpoint,
    calls,
    failed,
    cancelled,
    errors: errorsIn(figures),
    latencyMs: { ...latenciesOf(figures), p99: histograms.callLatency.quantile(figures, 0.99) },
    successShare: judged === 0 ? null : (judged - failed) / judged,
    steps: steps.map(presentStep),
  }
}

function presentStep({ atMs, figures }: Step): EndpointStats["steps"][number] {
  const { calls, failed } = countsOf(figures)
  return { at: new Date(atMs).toISOString(), calls, failed, ...latenciesOf(figures) }
}

function countsOf({ succeeded = 0, failed = 0, cancelled = 0 }: Figures) {
  return { calls: succeeded + failed + cancelled, failed, cancelled }
}

function latenciesOf(figures: Figures) {
  return { p50: histograms.callLatency.quantile(figures, 0.5), p95: histograms.callLatency.quantile(figures, 0.95) }
}
