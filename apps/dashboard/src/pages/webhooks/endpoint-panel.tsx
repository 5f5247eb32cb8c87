import type { DeliveryResource, WebhookEndpointResource } from "@sluice/core"
import { useInfiniteQuery } from "@tanstack/react-query"
import { useMemo } from "react"
import { useApi } from "../../app/api.tsx"
import { shortId } from "../../format/short-id.ts"
import { Button } from "../../kit/button.tsx"
import { type Column, DataTable } from "../../kit/data-table.tsx"
import { DeliveryStatusChip } from "../../kit/delivery-status-chip.tsx"
import { Select } from "../../kit/field.tsx"
import { type Fact, Facts, Panel } from "../../kit/page.tsx"
import { QueryView } from "../../kit/query-view.tsx"
import { RowButton } from "../../kit/row-button.tsx"
import { EmptyState } from "../../kit/states.tsx"
import { Time } from "../../kit/time.tsx"
import { EndpointActions } from "./endpoint-actions.tsx"
import { deliveriesQuery } from "./webhooks-query.ts"
import { type DeliveryStatus, deliveryStatuses } from "./webhooks-search.ts"

export interface EndpointPanelProps {
  readonly endpoint: WebhookEndpointResource
  readonly status: DeliveryStatus | undefined
  readonly onStatus: (status: string | undefined) => void
  readonly onShow: (deliveryId: string) => void
  readonly onRemoved: () => void
}

/** One receiver: what is known of it, what can be done, and what was sent to it. */
export function EndpointPanel({ endpoint, status, onStatus, onShow, onRemoved }: EndpointPanelProps) {
  return (
    <>
      <Panel title={<span className="mono">{endpoint.url}</span>} actions={<EndpointActions endpoint={endpoint} onRemoved={onRemoved} />}>
        <Facts facts={factsOf(endpoint)} />
      </Panel>
      <Deliveries id={endpoint.id} status={status} onStatus={onStatus} onShow={onShow} />
    </>
  )
}

function factsOf(endpoint: WebhookEndpointResource): readonly Fact[] {
  const { id, description, events, headerNames, rateLimitPerSecond, failingSince, previousSecretExpiresAt, createdAt } = endpoint
  return [
    ...(description === null ? [] : [{ label: "What it is", value: description }]),
    { label: "Events", value: events.join(", ") },
    { label: "Registered", value: <Time at={createdAt} /> },
    { label: "Rate limit", value: rateLimitPerSecond === null ? "none" : `${rateLimitPerSecond} a second` },
    ...(headerNames.length === 0 ? [] : [{ label: "Headers of its own", value: headerNames.join(", ") }]),
    ...(failingSince === null ? [] : [{ label: "Fails since", value: <Time at={failingSince} as="ago" /> }]),
    ...(previousSecretExpiresAt === null ? [] : [{ label: "Old secret ends", value: <Time at={previousSecretExpiresAt} as="ago" /> }]),
    { label: "Id", value: <span className="mono">{id}</span> },
  ]
}

interface DeliveriesProps extends Pick<EndpointPanelProps, "status" | "onStatus" | "onShow"> {
  readonly id: string
}

function Deliveries({ id, status, onStatus, onShow }: DeliveriesProps) {
  const deliveries = useInfiniteQuery(deliveriesQuery(useApi(), id, status))
  const { data, error, refetch, hasNextPage, isFetchingNextPage, fetchNextPage } = deliveries
  const rows = useMemo(() => data?.pages.flatMap((page) => page.data), [data])
  const columns = useMemo(() => columnsOf(onShow), [onShow])
  const filter = (
    <Select label="Status" isLabelHidden value={status ?? ""} onChange={(value) => onStatus(value === "" ? undefined : value)}>
      <option value="">all</option>
      {deliveryStatuses.map((one) => (
        <option key={one}>{one}</option>
      ))}
    </Select>
  )
  return (
    <Panel title="Deliveries" isFlush actions={filter}>
      <QueryView query={{ data: rows, error, refetch }}>
        {(all) =>
          all.length === 0 ? (
            <EmptyState title="No deliveries">Nothing has happened yet that it asks to hear of. Send a test to see one.</EmptyState>
          ) : (
            <DataTable label="Deliveries" columns={columns} rows={all} keyOf={(delivery) => delivery.id} />
          )
        }
      </QueryView>
      {hasNextPage && (
        <p className="deliveries-more">
          <Button isBusy={isFetchingNextPage} onClick={() => void fetchNextPage()}>
            Show older ones
          </Button>
        </p>
      )}
    </Panel>
  )
}

function columnsOf(onShow: (id: string) => void): readonly Column<DeliveryResource>[] {
  return [
    { id: "status", header: "Status", width: "128px", cell: ({ status }) => <DeliveryStatusChip status={status} /> },
    {
      id: "event",
      header: "Event",
      cell: ({ id, eventType, eventId }) => (
        <RowButton title={eventType} onClick={() => onShow(id)}>
          <span className="small soft mono cut">{shortId(eventId)}</span>
        </RowButton>
      ),
    },
    { id: "answer", header: "Last answer", width: "30%", hiddenBelow: 860, cell: (delivery) => <LastAnswer delivery={delivery} /> },
    { id: "tries", header: "Tries", width: "72px", isNumber: true, hiddenBelow: 860, cell: ({ tryCount }) => tryCount },
    { id: "at", header: "Made", width: "116px", isNumber: true, cell: ({ createdAt }) => <Time at={createdAt} as="ago" /> },
  ]
}

function LastAnswer({ delivery: { tries } }: { readonly delivery: DeliveryResource }) {
  const last = tries.at(-1)
  if (!last) return <span className="soft">not tried yet</span>
  if (last.error !== null) return <span className="bad cut">{last.error}</span>
  return <span>{last.httpStatus}</span>
}
