import {
  type Clock,
  type Figures,
  maxUsageGroups,
  startOfGrain,
  sumFigures,
  toUsd,
  type UsageFiguresResource,
  type UsageQuery,
  type UsageReports,
  type UsageResource,
} from "@sluice/core"

export interface UsageRequest extends Omit<UsageQuery, "tenant" | "format"> {
  /** Null: all. */
  readonly tenantId: string | null
}

export type UsageOutcome =
  | { readonly kind: "reported"; readonly usage: UsageResource }
  | { readonly kind: "invalid"; readonly field: "from" | "groupBy"; readonly message: string }

export type ReportUsage = (request: UsageRequest) => Promise<UsageOutcome>

export interface ReportUsageOptions {
  readonly reports: UsageReports
  readonly clock: Clock
}

const dayMs = 86_400_000
const defaultDays = 30

/** Adds up what was used in a range of days. */
export function createReportUsage({ reports, clock }: ReportUsageOptions): ReportUsage {
  return async ({ from: first, to: last, groupBy = [], tenantId, route, endpoint, model, credential }) => {
    const to = last === undefined ? startOfGrain("day", clock()) : new Date(last)
    const from = first === undefined ? new Date(to.getTime() - (defaultDays - 1) * dayMs) : new Date(first)
    if (from > to) return { kind: "invalid", field: "from", message: "It is later than `to`." }
    const by = [...new Set(groupBy)]
    const filter = { from, to, route, endpoint, model, credential, ...(tenantId !== null && { tenantId }) }
    const [asOf, sums] = await Promise.all([freshness(reports, clock), reports.sum({ filter, by, limit: maxUsageGroups + 1 })])
    if (sums.length > maxUsageGroups) {
      const message = `There are more than ${maxUsageGroups} groups. Ask for fewer days, group by less, or filter.`
      return { kind: "invalid", field: "groupBy", message }
    }
    const data = sums.map(({ group, figures }) => ({ group, ...present(figures) }))
    const total = present(sumFigures(sums.map(({ figures }) => figures)))
    return { kind: "reported", usage: { object: "usage", from: dayOf(from), to: dayOf(to), groupBy: by, asOf, data, total } }
  }
}

/** What has happened until then has been accounted. */
export async function freshness(reports: Pick<UsageReports, "unaccountedSince">, clock: Clock): Promise<string> {
  const now = clock()
  return ((await reports.unaccountedSince()) ?? now).toISOString()
}

function dayOf(at: Date): string {
  return at.toISOString().slice(0, 10)
}

function present(figures: Figures): UsageFiguresResource {
  const of = (name: string) => figures[name] ?? 0
  return {
    jobs: of("jobs"),
    degradedJobs: of("degradedJobs"),
    cachedJobs: of("cachedJobs"),
    calls: of("calls"),
    unpricedCalls: of("unpricedCalls"),
    inputTokens: of("inputTokens"),
    cachedInputTokens: of("cachedInputTokens"),
    outputTokens: of("outputTokens"),
    images: of("images"),
    costUsd: toUsd(of("costPicoUsd")),
  }
}
