import type { DeliveryResource, WebhookEndpointResource } from "@sluice/core"
import type { Cell, Column } from "../../render/table.ts"
import { relativeTime } from "../../render/times.ts"
import type { Style } from "../../terminal/terminal.ts"

export function webhookColumns(now: number): readonly Column<WebhookEndpointResource>[] {
  return [
    { heading: "RECEIVER", cell: ({ id }) => id },
    { heading: "STATE", cell: (endpoint) => stateCell(endpoint, now), minWidth: 8 },
    { heading: "URL", cell: ({ url }) => url, minWidth: 20 },
    { heading: "EVENTS", cell: ({ events }) => events.join(", "), minWidth: 12, optional: 1 },
    { heading: "DESCRIPTION", cell: ({ description }) => description ?? "", minWidth: 8, optional: 2 },
  ]
}

function stateCell({ disabled, failingSince }: WebhookEndpointResource, now: number): Cell {
  if (disabled !== null) return { text: `disabled: ${disabled.reason}`, style: "red" }
  if (failingSince !== null) return { text: `failing since ${relativeTime(failingSince, now)}`, style: "yellow" }
  return { text: "enabled", style: "green" }
}

const styles: Readonly<Record<DeliveryResource["status"], Style>> = { pending: "cyan", delivered: "green", failed: "red" }

export function deliveryColumns(now: number): readonly Column<DeliveryResource>[] {
  return [
    { heading: "DELIVERY", cell: ({ id }) => id },
    { heading: "STATUS", cell: ({ status }) => ({ text: status, style: styles[status] }) },
    { heading: "EVENT", cell: ({ eventType }) => eventType },
    { heading: "TRIES", cell: ({ tries }) => String(tries.length), align: "right" },
    { heading: "LAST", cell: lastTryText, minWidth: 10 },
    { heading: "NEXT", cell: ({ nextAttemptAt }) => relativeTime(nextAttemptAt, now), optional: 1 },
  ]
}

function lastTryText({ tries }: DeliveryResource): string {
  const last = tries.at(-1)
  if (last === undefined) return "-"
  return last.error ?? (last.httpStatus === null ? "no answer" : String(last.httpStatus))
}
