import { type StatsWindow, statsWindows } from "@sluice/core"
import { useQuery } from "@tanstack/react-query"
import { getRouteApi, useNavigate } from "@tanstack/react-router"
import { useApi } from "../../app/api.tsx"
import { useOperations } from "../../app/operations.ts"
import { useSession } from "../../app/session.ts"
import { Select } from "../../kit/field.tsx"
import { Page } from "../../kit/page.tsx"
import { QueryView } from "../../kit/query-view.tsx"
import { EmptyState } from "../../kit/states.tsx"
import { useNow } from "../../kit/time.tsx"
import { EndpointCard } from "./endpoint-card.tsx"
import { endpointStatsQuery, endpointsQuery } from "./endpoints-query.ts"
import { windowMs, windowNames, windowOf } from "./endpoints-search.ts"
import { OperatorLog } from "./operator-log.tsx"
import { RoutesPanel } from "./routes-panel.tsx"
import "./endpoints-page.css"

const route = getRouteApi("/endpoints")

/** How each endpoint is and was, and an operator's hand on breakers and routes. */
export function EndpointsPage() {
  const window = windowOf(route.useSearch())
  const session = useSession()
  const mayOperate = session.can("operate:write")
  return (
    <Page title="Endpoints" actions={<WindowChoice window={window} />}>
      <Cards window={window} mayOperate={mayOperate} />
      <RoutesPanel mayOperate={mayOperate} />
      {session.can("audit:read") && <OperatorLog />}
    </Page>
  )
}

function WindowChoice({ window }: { readonly window: StatsWindow }) {
  const navigate = useNavigate({ from: "/endpoints" })
  const choose = (value: string) => void navigate({ search: (old) => ({ ...old, window: value }), replace: true })
  return (
    <Select label="How far back" isLabelHidden value={window} onChange={choose}>
      {statsWindows.map((one) => (
        <option key={one} value={one}>
          last {windowNames[one]}
        </option>
      ))}
    </Select>
  )
}

function Cards({ window, mayOperate }: { readonly window: StatsWindow; readonly mayOperate: boolean }) {
  const api = useApi()
  const endpoints = useQuery(endpointsQuery(api))
  const stats = useQuery(endpointStatsQuery(api, window))
  const operations = useOperations()
  const now = useNow()
  const span = { fromMs: now - windowMs[window], toMs: now }
  return (
    <QueryView query={endpoints}>
      {(data) =>
        data.length === 0 ? (
          <EmptyState title="No endpoints">Name one under `endpoints` in sluice.yaml.</EmptyState>
        ) : (
          data.map((endpoint) => {
            const live = operations?.endpoints.find(({ name }) => name === endpoint.name)
            return (
              <EndpointCard
                key={endpoint.name}
                endpoint={live ? { ...endpoint, inFlight: live.inFlight } : endpoint}
                stats={stats.data?.data.find((one) => one.endpoint === endpoint.name)}
                span={span}
                mayOperate={mayOperate}
              />
            )
          })
        )
      }
    </QueryView>
  )
}
