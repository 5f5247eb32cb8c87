import type { QueueResource } from "@sluice/core"
import { useQuery } from "@tanstack/react-query"
import { useMemo } from "react"
import { useApi } from "../../app/api.tsx"
import { useSession } from "../../app/session.ts"
import { formatDuration } from "../../format/duration.ts"
import { formatCompact } from "../../format/numbers.ts"
import { Chip } from "../../kit/chip.tsx"
import { type Column, DataTable } from "../../kit/data-table.tsx"
import { Panel } from "../../kit/page.tsx"
import { QueryView } from "../../kit/query-view.tsx"
import { EmptyState } from "../../kit/states.tsx"
import { queuesQuery } from "./overview-queries.ts"

/** What is in line, by route. */
export function QueuesPanel() {
  const query = useQuery(queuesQuery({ api: useApi(), session: useSession() }))
  return (
    <Panel title="Queues" isFlush>
      <QueryView query={query}>{(queues) => <QueuesTable queues={queues} />}</QueryView>
    </Panel>
  )
}

const inLineOf = ({ prioritized, waiting }: QueueResource) => prioritized + waiting

function QueuesTable({ queues }: { readonly queues: readonly QueueResource[] }) {
  const columns = useMemo(() => columnsFor(Math.max(1, ...queues.map(inLineOf))), [queues])
  if (queues.length === 0) return <EmptyState title="The configuration has no routes" />
  return <DataTable label="Queues" columns={columns} rows={queues} keyOf={({ name }) => name} />
}

function columnsFor(deepest: number): readonly Column<QueueResource>[] {
  return [
    { id: "route", header: "Route", width: "24%", cell: ({ name }) => name },
    { id: "depth", header: "In line", cell: (queue) => <Depth queue={queue} deepest={deepest} /> },
    { id: "active", header: "Running", width: "80px", isNumber: true, cell: ({ active }) => formatCompact(active) },
    {
      id: "oldest",
      header: "Oldest",
      width: "110px",
      isNumber: true,
      hiddenBelow: 860,
      cell: ({ oldestWaitingMs }) => (oldestWaitingMs === null ? <span className="soft">–</span> : formatDuration(oldestWaitingMs)),
    },
    {
      id: "state",
      header: "State",
      width: "110px",
      cell: ({ paused }) =>
        paused ? <Chip tone="warn" icon="slash" children="paused" /> : <Chip tone="good" icon="check" children="open" />,
    },
  ]
}

/** Those that are not due yet are told apart: they are not waiting for a worker. */
function Depth({ queue, deepest }: { readonly queue: QueueResource; readonly deepest: number }) {
  const count = inLineOf(queue)
  return (
    <span className="depth">
      <span className="number">{formatCompact(count)}</span>
      {count > 0 && <span className="depth-bar" style={{ width: `${(count / deepest) * 100}%` }} />}
      {queue.delayed > 0 && <span className="small soft cut">{formatCompact(queue.delayed)} delayed</span>}
    </span>
  )
}
