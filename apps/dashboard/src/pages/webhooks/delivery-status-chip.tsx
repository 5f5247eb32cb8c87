import { Chip, type Tone } from "../../kit/chip.tsx"
import type { IconName } from "../../kit/icon.tsx"
import type { DeliveryStatus } from "./webhooks-search.ts"

const looks: Readonly<Record<DeliveryStatus, { readonly tone: Tone; readonly icon: IconName }>> = {
  pending: { tone: "accent", icon: "clock" },
  delivered: { tone: "good", icon: "check" },
  failed: { tone: "bad", icon: "cross" },
}

export function DeliveryStatusChip({ status }: { readonly status: DeliveryStatus }) {
  return <Chip {...looks[status]}>{status}</Chip>
}
