import type { DeliveryResource } from "@sluice/core"
import { type Column, DataTable } from "../../kit/data-table.tsx"
import { DeliveryStatusChip } from "../../kit/delivery-status-chip.tsx"
import { Time } from "../../kit/time.tsx"

const columns: readonly Column<DeliveryResource>[] = [
  { id: "status", header: "Status", width: "140px", cell: ({ status }) => <DeliveryStatusChip status={status} /> },
  { id: "event", header: "Event", width: "150px", growsWhenNarrow: true, cell: ({ eventType }) => eventType },
  { id: "target", header: "To", hiddenBelow: 860, cell: ({ target }) => <span className="mono">{target}</span> },
  { id: "last", header: "Last answer", hiddenBelow: 860, cell: ({ tries }) => lastAnswerOf(tries.at(-1)) },
  { id: "tries", header: "Tries", width: "70px", isNumber: true, cell: ({ tryCount }) => tryCount },
  {
    id: "next",
    header: "Next try",
    width: "120px",
    isNumber: true,
    cell: ({ nextAttemptAt }) => (nextAttemptAt === null ? <span className="soft">–</span> : <Time at={nextAttemptAt} as="ago" />),
  },
]

export function DeliveriesTable({ deliveries }: { readonly deliveries: readonly DeliveryResource[] }) {
  return <DataTable label="Webhook deliveries" columns={columns} rows={deliveries} keyOf={({ id }) => id} />
}

function lastAnswerOf(last: DeliveryResource["tries"][number] | undefined): string {
  if (last === undefined) return "not tried yet"
  return last.error ?? `${last.httpStatus ?? ""}`
}
