import type { WebhookEndpointResource } from "@sluice/core"
import { Chip } from "../../kit/chip.tsx"
import { type Column, DataTable } from "../../kit/data-table.tsx"
import { RowButton } from "../../kit/row-button.tsx"
import { Time } from "../../kit/time.tsx"

export interface EndpointsTableProps {
  readonly endpoints: readonly WebhookEndpointResource[]
  readonly chosen: string | undefined
  readonly onChoose: (id: string | undefined) => void
}

/** The receivers that are registered. */
export function EndpointsTable({ endpoints, chosen, onChoose }: EndpointsTableProps) {
  return <DataTable label="Webhook endpoints" columns={columnsOf(chosen, onChoose)} rows={endpoints} keyOf={({ id }) => id} />
}

function columnsOf(chosen: string | undefined, onChoose: EndpointsTableProps["onChoose"]): readonly Column<WebhookEndpointResource>[] {
  return [
    {
      id: "url",
      header: "Receiver",
      cell: ({ id, url, description }) => (
        <RowButton title={url} isChosen={id === chosen} onClick={() => onChoose(id === chosen ? undefined : id)}>
          {description !== null && <span className="small soft cut">{description}</span>}
        </RowButton>
      ),
    },
    {
      id: "events",
      header: "Events",
      width: "30%",
      hiddenBelow: 860,
      cell: ({ events }) => <span className="small soft">{events.join(", ")}</span>,
    },
    { id: "health", header: "Health", width: "160px", cell: (endpoint) => <Health endpoint={endpoint} /> },
  ]
}

const reasons = { manual: "switched off", gone: "answered 410", failing: "failed for days" }

function Health({ endpoint: { disabled, failingSince } }: { readonly endpoint: WebhookEndpointResource }) {
  if (disabled) {
    return (
      <Chip tone={disabled.reason === "manual" ? "quiet" : "bad"} icon="slash">
        {reasons[disabled.reason]}
      </Chip>
    )
  }
  if (failingSince === null) {
    return (
      <Chip tone="good" icon="check">
        well
      </Chip>
    )
  }
  return (
    <span className="health">
      <Chip tone="warn" icon="warning">
        failing
      </Chip>
      <span className="small soft">
        first <Time at={failingSince} as="ago" />
      </span>
    </span>
  )
}
