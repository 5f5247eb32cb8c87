import {
  burnRateOf,
  burnWindows,
  type Clock,
  countEvents,
  errorFigure,
  errorTypes,
  type Figures,
  histograms,
  type Objective,
  type ObjectiveCounts,
  type ObjectiveStatus,
  type ObjectivesConfig,
  objectivesOf,
  type RouteConfig,
  type SloOfRoute,
  type SloResource,
  type SloWindow,
  sumFigures,
  tierNames,
  type UsageReports,
} from "@sluice/core"
import { freshness } from "../usage/report-usage.ts"
import { readWindowFigures, startOfWindow, type Window } from "./window-figures.ts"

export interface SloRequest {
  readonly window: SloWindow
  readonly route: string | null
  /** Null: all together. */
  readonly tenantId: string | null
}

export type SloOutcome =
  | { readonly kind: "reported"; readonly slo: SloResource }
  /** The hours of single tenants are not kept for so long. */
  | { readonly kind: "too_far_back"; readonly message: string }

export type ReportSlo = (request: SloRequest) => Promise<SloOutcome>

export interface ObjectivesCatalog {
  readonly routes: Readonly<Record<string, Pick<RouteConfig, "objectives">>>
  readonly objectives: ObjectivesConfig
}

export interface ReportSloOptions {
  readonly reports: UsageReports
  readonly catalog: () => ObjectivesCatalog
  readonly clock: Clock
}

/** How the objectives are kept, of all routes together and of each. */
export function createReportSlo({ reports, catalog, clock }: ReportSloOptions): ReportSlo {
  return async ({ window, route, tenantId }) => {
    if (tenantId !== null && window === "30d") {
      return { kind: "too_far_back", message: "Of a single tenant the last 7 days can be told. Ask for 7d, or for all tenants together." }
    }
    const now = clock()
    const [asOf, figuresIn] = await Promise.all([freshness(reports, clock), readWindowFigures({ reports, now, tenantId, route, window })])
    const { routes, objectives: installation } = catalog()
    const names = route === null ? [...new Set([...Object.keys(routes), ...figuresIn(window).keys()])].sort() : [route]
    const each = names.map((name) => {
      const figuresOf = (asked: Window) => figuresIn(asked).get(name) ?? {}
      const objectives = objectivesOf(installation, routes[name]?.objectives)
      return { route: name, figures: figuresOf(window), judged: objectives.map((objective) => judge(objective, { window, figuresOf })) }
    })
    const overall = {
      route: null,
      figures: sumFigures(each.map(({ figures }) => figures)),
      judged: together(each, installation),
    }
    const data = [...(route === null ? [overall] : []), ...each].map(present)
    return { kind: "reported", slo: { object: "slo", window, from: startOfWindow(window, now).toISOString(), asOf, data } }
  }
}

interface Judged {
  readonly objective: Objective
  readonly counts: ObjectiveCounts
  readonly p99Ms: number | null
  readonly burning: Readonly<Record<string, ObjectiveCounts>>
}

function judge(
  objective: Objective,
  { window, figuresOf }: { readonly window: SloWindow; readonly figuresOf: (window: Window) => Figures },
): Judged {
  const figures = figuresOf(window)
  const burning = Object.fromEntries(burnWindows.map((each) => [each, countEvents(objective, figuresOf(each))]))
  return { objective, counts: countEvents(objective, figures), p99Ms: p99Of(objective, figures), burning }
}

function p99Of({ name }: Objective, figures: Figures): number | null {
  if (name === "latency") return histograms.primaryLatency.quantile(figures, 0.99)
  return name === "cache_freshness" ? histograms.cacheAge.quantile(figures, 0.99) : null
}

/** Of all routes together: each route's events by its own limits, against the target of the installation. */
function together(
  routes: readonly { readonly figures: Figures; readonly judged: readonly Judged[] }[],
  installation: ObjectivesConfig,
): readonly Judged[] {
  const figures = sumFigures(routes.map((route) => route.figures))
  return objectivesOf(installation).map((objective) => {
    const own = routes.flatMap(({ judged }) => judged.filter((each) => each.objective.name === objective.name))
    const burning = Object.fromEntries(burnWindows.map((each) => [each, own.map(({ burning }) => burning[each]).reduce(addCounts, none)]))
    return { objective, counts: own.map(({ counts }) => counts).reduce(addCounts, none), p99Ms: p99Of(objective, figures), burning }
  })
}

const none: ObjectiveCounts = { events: 0, bad: 0 }

function addCounts(a: ObjectiveCounts, b: ObjectiveCounts = none): ObjectiveCounts {
  return { events: a.events + b.events, bad: a.bad + b.bad }
}

function present({ route, figures, judged }: { route: string | null; figures: Figures; judged: readonly Judged[] }): SloOfRoute {
  const of = (name: string) => figures[name] ?? 0
  const counted = (names: readonly string[], figureOf: (name: string) => string) =>
    Object.fromEntries(names.map((name) => [name, of(figureOf(name))] as const).filter(([, count]) => count > 0))
  const { latency } = histograms
  return {
    route,
    jobs: { succeeded: of("succeeded"), failed: of("failed"), cancelled: of("cancelled"), expired: of("expired") },
    tiers: counted(tierNames, (tier) => `tier_${tier}`),
    errors: Object.fromEntries(errorTypes.map((type) => [type, of(errorFigure(type))] as const).filter(([, count]) => count > 0)),
    latencyMs: { p50: latency.quantile(figures, 0.5), p95: latency.quantile(figures, 0.95), p99: latency.quantile(figures, 0.99) },
    tokens: of("tokens"),
    objectives: judged.map(presentObjective),
  }
}

function presentObjective({ objective, counts, p99Ms, burning }: Judged): ObjectiveStatus {
  const { name, target, limitMs } = objective
  const { events, bad } = counts
  const actual = events === 0 ? null : (events - bad) / events
  const burnt = burnRateOf(objective, counts)
  const rate = (window: (typeof burnWindows)[number]) => burnRateOf(objective, burning[window] ?? none)
  return {
    ...{ name, target, limitMs, actual, p99Ms, events, bad },
    met: actual === null ? null : actual >= target,
    budgetLeft: burnt === null ? null : 1 - burnt,
    burnRates: { "5m": rate("5m"), "30m": rate("30m"), "1h": rate("1h"), "6h": rate("6h"), "3d": rate("3d") },
  }
}
