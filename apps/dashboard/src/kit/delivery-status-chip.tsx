import type { DeliveryResource } from "@sluice/core"
import { Chip, type Tone } from "./chip.tsx"
import type { IconName } from "./icon.tsx"

type DeliveryStatus = DeliveryResource["status"]

const looks: Readonly<Record<DeliveryStatus, { readonly tone: Tone; readonly icon: IconName }>> = {
  pending: { tone: "accent", icon: "clock" },
  delivered: { tone: "good", icon: "check" },
  failed: { tone: "bad", icon: "cross" },
}

export function DeliveryStatusChip({ status }: { readonly status: DeliveryStatus }) {
  return <Chip {...looks[status]}>{status}</Chip>
}
