import type { QueueResource, RouteResource } from "@sluice/core"
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query"
import { useMemo, useState } from "react"
import { useApi } from "../../app/api.tsx"
import { useOperations } from "../../app/operations.ts"
import { refreshEveryMs } from "../../app/query-client.ts"
import { routesQuery } from "../../app/routes-query.ts"
import { useSession } from "../../app/session.ts"
import { formatDuration } from "../../format/duration.ts"
import { formatCount } from "../../format/numbers.ts"
import { Button } from "../../kit/button.tsx"
import { Chip } from "../../kit/chip.tsx"
import { type Column, DataTable } from "../../kit/data-table.tsx"
import { ConfirmDialog } from "../../kit/dialog.tsx"
import { Panel } from "../../kit/page.tsx"
import { QueryView } from "../../kit/query-view.tsx"
import { Time } from "../../kit/time.tsx"
import { useToast } from "../../kit/toast.tsx"
import { queuesQuery } from "./endpoints-query.ts"

interface RouteRow {
  readonly route: RouteResource
  readonly queue: Pick<QueueResource, "oldestWaitingMs"> | undefined
  readonly inLine: number | null
  readonly active: number | null
}

/** The routes: what waits and runs in each, and the way to pause them. */
export function RoutesPanel({ mayOperate }: { readonly mayOperate: boolean }) {
  const api = useApi()
  const routes = useQuery({ ...routesQuery(api, useSession()), staleTime: 0, refetchInterval: refreshEveryMs })
  const queues = useQuery(queuesQuery(api))
  const operations = useOperations()
  const rows = useMemo(
    () =>
      routes.data?.map((route): RouteRow => {
        const queue = queues.data?.find(({ name }) => name === route.name)
        const live = operations?.queues.find(({ name }) => name === route.name)
        const inLine = live?.inLine ?? (queue ? queue.waiting + queue.prioritized : null)
        return { route, queue, inLine, active: live?.active ?? queue?.active ?? null }
      }),
    [routes.data, queues.data, operations],
  )
  const columns = useMemo(() => columnsOf(mayOperate), [mayOperate])
  return (
    <Panel title="Routes" isFlush>
      <QueryView query={{ data: rows, error: routes.error, refetch: routes.refetch }}>
        {(data) => <DataTable label="Routes" columns={columns} rows={data} keyOf={({ route }) => route.name} />}
      </QueryView>
    </Panel>
  )
}

const count = (value: number | null) => (value === null ? <span className="soft">–</span> : formatCount(value))

function columnsOf(mayOperate: boolean): readonly Column<RouteRow>[] {
  const columns: Column<RouteRow>[] = [
    { id: "route", header: "Route", cell: ({ route }) => <RouteName route={route} /> },
    { id: "inLine", header: "In line", width: "84px", isNumber: true, cell: ({ inLine }) => count(inLine) },
    { id: "active", header: "At work", width: "84px", isNumber: true, hiddenBelow: 860, cell: ({ active }) => count(active) },
    {
      id: "oldest",
      header: "Oldest waits",
      width: "120px",
      isNumber: true,
      hiddenBelow: 860,
      cell: ({ queue }) => (typeof queue?.oldestWaitingMs === "number" ? formatDuration(queue.oldestWaitingMs) : count(null)),
    },
  ]
  if (!mayOperate) return columns
  return [
    ...columns,
    {
      id: "action",
      header: "Action",
      isHeaderHidden: true,
      width: "124px",
      isNumber: true,
      cell: ({ route }) => <PauseButton route={route} />,
    },
  ]
}

function RouteName({ route: { name, kind, tiers, paused } }: { readonly route: RouteResource }) {
  return (
    <span className="route-cell">
      <span className="row">
        <span className="mono">{name}</span>
        {paused && (
          <Chip tone="warn" icon="slash">
            paused by {paused.by} <Time at={paused.since} as="ago" />
          </Chip>
        )}
      </span>
      <span className="small soft cut">
        {kind} · {tiers.map((tier) => [tier.name, ...tier.endpoints].join(" ")).join(" → ")}
      </span>
    </span>
  )
}

function PauseButton({ route: { name, paused } }: { readonly route: RouteResource }) {
  const { client, tenantId } = useApi()
  const queries = useQueryClient()
  const toast = useToast()
  const [isAsked, setAsked] = useState(false)
  const verb = paused ? "Resume" : "Pause"
  const act = useMutation({
    mutationFn: () => (paused ? client.routes.resume(name) : client.routes.pause(name)),
    onSuccess: async () => {
      toast({ tone: "good", text: paused ? `The route ${name} goes on.` : `The route ${name} is paused.` })
      await queries.invalidateQueries({ queryKey: ["routes"] })
      await queries.invalidateQueries({ queryKey: [tenantId, "audit"] })
    },
    onError: (error) => toast({ tone: "bad", text: error.message }),
    onSettled: () => setAsked(false),
  })
  return (
    <>
      <Button aria-label={`${verb} the route ${name}`} isBusy={act.isPending} onClick={() => (paused ? act.mutate() : setAsked(true))}>
        {verb}
      </Button>
      {isAsked && (
        <ConfirmDialog
          title={`Pause the route ${name}`}
          verb="Pause"
          isBusy={act.isPending}
          onClose={() => setAsked(false)}
          onConfirm={() => act.mutate()}
        >
          <p>Jobs of all tenants are still accepted, and wait until you resume it or they expire. What is at work goes on.</p>
        </ConfirmDialog>
      )}
    </>
  )
}
