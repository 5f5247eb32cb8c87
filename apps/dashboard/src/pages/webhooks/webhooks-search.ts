import { type Strings, stringsOf } from "../../app/strings-of.ts"

/** `endpoint`: the id of the one that is looked into; `status`: of its deliveries; `delivery`: the id of the one that is shown. */
export type WebhooksSearch = Strings<"endpoint" | "status" | "delivery">

export function webhooksSearch(search: Record<string, unknown>): WebhooksSearch {
  return stringsOf(search, ["endpoint", "status", "delivery"])
}

export const deliveryStatuses = ["pending", "delivered", "failed"] as const
export type DeliveryStatus = (typeof deliveryStatuses)[number]

export function statusOf({ status }: WebhooksSearch): DeliveryStatus | undefined {
  return deliveryStatuses.find((one) => one === status)
}
