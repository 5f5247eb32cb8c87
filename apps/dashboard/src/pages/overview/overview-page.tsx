import type { StatsResource } from "@sluice/core"
import { useQuery } from "@tanstack/react-query"
import { getRouteApi, useNavigate } from "@tanstack/react-router"
import { useMemo } from "react"
import { useApi } from "../../app/api.tsx"
import { useSession } from "../../app/session.ts"
import { formatDuration } from "../../format/duration.ts"
import { formatShare } from "../../format/numbers.ts"
import { Chart } from "../../kit/chart.tsx"
import { Select } from "../../kit/field.tsx"
import { Page, Panel } from "../../kit/page.tsx"
import { QueryView } from "../../kit/query-view.tsx"
import { RouteSelect } from "../../kit/route-select.tsx"
import { statsQuery } from "./overview-queries.ts"
import { windowLabels, windowOf } from "./overview-search.ts"
import { OverviewTiles } from "./overview-tiles.tsx"
import { QueuesPanel } from "./queues-panel.tsx"
import { endSeries, latencySeries, tierSeries } from "./series-of.ts"
import "./overview-page.css"

const route = getRouteApi("/overview")

/** How the installation, or a tenant of it, fares: what ended and how, who answered, how long it took, and what waits. */
export function OverviewPage() {
  const search = route.useSearch()
  const session = useSession()
  const query = useQuery(statsQuery({ api: useApi(), session, search }))
  return (
    <Page title="Overview" actions={<Filters />}>
      <QueryView query={query}>
        {(stats) => (
          <>
            <OverviewTiles stats={stats} search={search} />
            <div className="charts">
              <Charts stats={stats} />
              {session.can("operate:read") && <QueuesPanel />}
            </div>
          </>
        )}
      </QueryView>
    </Page>
  )
}

function Filters() {
  const search = route.useSearch()
  const navigate = useNavigate({ from: "/overview" })
  const change = (changes: object) => void navigate({ search: (old) => ({ ...old, ...changes }), replace: true })
  return (
    <div className="overview-filters">
      <Select label="Window" value={windowOf(search)} onChange={(window) => change({ window })}>
        {Object.entries(windowLabels).map(([window, label]) => (
          <option key={window} value={window}>
            last {label}
          </option>
        ))}
      </Select>
      <RouteSelect value={search.route ?? ""} onChange={(name) => change({ route: name === "" ? undefined : name })} none="all" />
    </div>
  )
}

const formatRate = (perSecond: number) => (perSecond === 0 || perSecond >= 10 ? perSecond.toFixed(0) : perSecond.toFixed(2))

function Charts({ stats: { data, stepMs, total } }: { readonly stats: StatsResource }) {
  const { times, ends, tiers, latencies } = useMemo(
    () => ({ times: data.map(({ at }) => at), ends: endSeries(data, stepMs), tiers: tierSeries(data), latencies: latencySeries(data) }),
    [data, stepMs],
  )
  const { p50, p95, p99 } = total.latencyMs
  return (
    <>
      <Panel title="Jobs per second">
        <Chart
          label="Jobs per second"
          summary={`${total.succeeded} succeeded, ${total.failed + total.expired} failed or expired, ${total.cancelled} were cancelled.`}
          times={times}
          series={ends}
          format={formatRate}
          isStacked
        />
      </Panel>
      <Panel title="Who answered">
        <Chart
          label="Share of the answers by tier"
          summary={Object.entries(total.tiers)
            .map(([tier, count]) => `${tier}: ${count}`)
            .join(", ")}
          times={times}
          series={tiers}
          format={formatShare}
          isStacked
          highest={1}
        />
      </Panel>
      <Panel title="Time to the answer">
        <Chart
          label="Time from when a job could run to its answer"
          summary={p50 === null ? "Nothing was answered." : `Median ${p50} ms, 95th percentile ${p95} ms, 99th ${p99} ms.`}
          times={times}
          series={latencies}
          format={formatDuration}
        />
      </Panel>
    </>
  )
}
