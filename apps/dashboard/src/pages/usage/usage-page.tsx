import type { UsageFiguresResource, UsageResource } from "@sluice/core"
import { keepPreviousData, queryOptions, useQuery } from "@tanstack/react-query"
import { getRouteApi, useNavigate } from "@tanstack/react-router"
import { useMemo } from "react"
import { type Api, useApi } from "../../app/api.tsx"
import { useSession } from "../../app/session.ts"
import { formatCompact, formatUsd } from "../../format/numbers.ts"
import { Chart } from "../../kit/chart.tsx"
import { Select } from "../../kit/field.tsx"
import { Icon } from "../../kit/icon.tsx"
import { Page, Panel } from "../../kit/page.tsx"
import { QueryView } from "../../kit/query-view.tsx"
import { RouteSelect } from "../../kit/route-select.tsx"
import { EmptyState } from "../../kit/states.tsx"
import { Tile, Tiles } from "../../kit/tile.tsx"
import { costByDay } from "./cost-by-day.ts"
import { type Dimension, daysOf, dimensionOf, dimensions, spans, type UsageSearch } from "./usage-search.ts"
import { UsageTable } from "./usage-table.tsx"
import "./usage-page.css"

const route = getRouteApi("/usage")
const refreshMs = 60_000

function usageQuery({ client, tenantId, isForAll }: Api, search: UsageSearch, groupBy: readonly ("day" | Dimension)[]) {
  const filters = { ...daysOf(search, Date.now()), route: search.route, groupBy: [...groupBy] }
  return queryOptions({
    queryKey: [isForAll ? "all tenants" : tenantId, "usage", filters],
    queryFn: ({ signal }) => client.usage.report(filters, { signal }),
    refetchInterval: refreshMs,
    placeholderData: keepPreviousData,
  })
}

/** Tokens and cost, day by day and by what one likes. */
export function UsagePage() {
  const search = route.useSearch()
  const api = useApi()
  const dimension = dimensionOf(search)
  const sums = useQuery(usageQuery(api, search, [dimension]))
  const days = useQuery(usageQuery(api, search, ["day", dimension]))
  return (
    <Page title="Usage" actions={<CsvLink search={search} dimension={dimension} />}>
      <Filters search={search} dimension={dimension} />
      <QueryView query={sums}>
        {(report) => (
          <>
            <Totals total={report.total} />
            <QueryView query={days}>{(byDay) => <CostPanel report={byDay} dimension={dimension} />}</QueryView>
            <Panel title={`By ${dimensions[dimension].toLowerCase()}`} isFlush>
              {report.data.length === 0 && (
                <EmptyState title="Nothing was used in these days">Jobs appear here seconds after they ran.</EmptyState>
              )}
              {report.data.length > 0 && <UsageTable report={report} dimension={dimension} />}
            </Panel>
          </>
        )}
      </QueryView>
    </Page>
  )
}

interface FiltersProps {
  readonly search: UsageSearch
  readonly dimension: Dimension
}

function Filters({ search, dimension }: FiltersProps) {
  const navigate = useNavigate({ from: "/usage" })
  const session = useSession()
  const change = (changes: UsageSearch) => void navigate({ search: (old) => ({ ...old, ...changes }), replace: true })
  return (
    <search className="usage-filters">
      <Select label="Days (UTC)" value={search.days ?? "30"} onChange={(days) => change({ days })}>
        {Object.entries(spans).map(([days, label]) => (
          <option key={days} value={days}>
            last {label}
          </option>
        ))}
      </Select>
      <Select label="By" value={dimension} onChange={(by) => change({ by })}>
        {Object.entries(dimensions)
          .filter(([name]) => name !== "tenant" || session.can("tenants:admin"))
          .map(([name, label]) => (
            <option key={name} value={name}>
              {label.toLowerCase()}
            </option>
          ))}
      </Select>
      <RouteSelect value={search.route ?? ""} onChange={(name) => change({ route: name === "" ? undefined : name })} none="all" />
    </search>
  )
}

function Totals({ total }: { readonly total: UsageFiguresResource }) {
  return (
    <Tiles>
      <Tile label="Cost" value={formatUsd(total.costUsd)} detail={unpriced(total)} />
      <Tile
        label="Jobs"
        value={formatCompact(total.jobs)}
        detail={`${formatCompact(total.calls)} calls, ${formatCompact(total.degradedJobs)} degraded`}
      />
      <Tile
        label="Tokens in"
        value={formatCompact(total.inputTokens)}
        detail={`${formatCompact(total.cachedInputTokens)} from prompt caches`}
      />
      <Tile
        label="Tokens out"
        value={formatCompact(total.outputTokens)}
        detail={total.images > 0 ? `${formatCompact(total.images)} images` : undefined}
      />
    </Tiles>
  )
}

function unpriced({ unpricedCalls }: UsageFiguresResource): string {
  return unpricedCalls === 0 ? "all calls have a price" : `without ${formatCompact(unpricedCalls)} calls of no known price`
}

function CostPanel({ report, dimension }: { readonly report: UsageResource; readonly dimension: Dimension }) {
  const { times, series } = useMemo(() => costByDay(report, dimension), [report, dimension])
  const total = formatUsd(report.total.costUsd)
  return (
    <Panel title={`Cost by day and ${dimensions[dimension].toLowerCase()}`}>
      <Chart label="Cost by day" summary={`${total} in all.`} times={times} series={series} format={formatUsd} isStacked isByDay />
    </Panel>
  )
}

/** As the API makes it, with the session's cookie. */
function CsvLink({ search, dimension }: FiltersProps) {
  const { tenantId, isForAll } = useApi()
  const session = useSession()
  const { from, to } = daysOf(search, Date.now())
  const query = new URLSearchParams({ format: "csv", from, to, groupBy: `day,${dimension}` })
  if (search.route !== undefined) query.set("route", search.route)
  if (session.can("tenants:admin") && !isForAll) query.set("tenant", tenantId)
  return (
    <a className="button button-plain" href={`/v1/usage?${query}`} download={`usage-${from}-${to}.csv`}>
      <Icon name="download" /> CSV
    </a>
  )
}
