import { type DeadLetterFilter, type DeadLetterPosition, type DeadLetterState, deliveryIdOfDeadLetter } from "@sluice/core"
import type { Filter } from "mongodb"
import type { DeadDeliveryDocument } from "./dead-delivery-document.ts"

/** Dead letters that have their time in the same field. */
export interface DeadDeliveryView {
  readonly timeField: "failedAt" | "deadLetter.at"
  readonly query: Filter<DeadDeliveryDocument>
}

/** Where to look for the deliveries that a filter selects: the open ones, the others, both, or nowhere. */
export function viewsOf(filter: DeadLetterFilter): readonly DeadDeliveryView[] {
  const { kind, errorType, batchId, metadata, tenantId, state } = filter
  const isOfJobsOnly = batchId !== undefined || Object.keys(metadata ?? {}).length > 0
  const isOfNobody = filter.endpoint === null
  if (kind === "job" || isOfJobsOnly || isOfNobody || (errorType !== undefined && errorType !== "delivery_failed")) return []
  const same: readonly Filter<DeadDeliveryDocument>[] = [
    filter.route === undefined ? {} : { route: filter.route },
    filter.endpoint === undefined ? {} : { target: filter.endpoint },
    filter.ids === undefined ? {} : { _id: { $in: filter.ids.flatMap((id) => deliveryIdOfDeadLetter(id) ?? []) } },
  ]
  const view = (timeField: DeadDeliveryView["timeField"], condition: Filter<DeadDeliveryDocument>): DeadDeliveryView => ({
    timeField,
    query: { tenantId, $and: [condition, timeCondition(timeField, filter), ...same.filter((part) => Object.keys(part).length > 0)] },
  })
  const open = view("failedAt", { status: "failed", failedAt: { $exists: true } })
  const closed = view("deadLetter.at", { "deadLetter.at": { $exists: true }, failedAt: { $exists: false }, ...statusOf(state) })
  if (state === undefined) return [open, closed]
  return state === "open" ? [open] : [closed]
}

function statusOf(state: DeadLetterState | undefined): Filter<DeadDeliveryDocument> {
  switch (state) {
    case "replaying":
      return { status: "pending" }
    case "resolved":
      return { status: "delivered" }
    case "discarded":
      return { status: "failed" }
    case "open":
    case undefined:
      return {}
  }
}

function timeCondition(
  timeField: DeadDeliveryView["timeField"],
  { createdAfter, createdBefore }: DeadLetterFilter,
): Filter<DeadDeliveryDocument> {
  return { [timeField]: { $exists: true, ...(createdAfter && { $gt: createdAfter }), ...(createdBefore && { $lt: createdBefore }) } }
}

/** What comes after a place in a view, which may be that of a job: the ids of both kinds stand in one order. */
export function deliveriesAfter(
  { createdAt, id }: DeadLetterPosition,
  { order, timeField }: { readonly order: "newest_first" | "oldest_first"; readonly timeField: DeadDeliveryView["timeField"] },
): Filter<DeadDeliveryDocument> {
  const deliveryId = id.replace(/^dl_/, "")
  return order === "oldest_first"
    ? { [timeField]: { $gte: createdAt }, $or: [{ [timeField]: { $gt: createdAt } }, { _id: { $gt: deliveryId } }] }
    : { [timeField]: { $lte: createdAt }, $or: [{ [timeField]: { $lt: createdAt } }, { _id: { $lt: deliveryId } }] }
}
