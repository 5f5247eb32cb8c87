import { type DeadLetter, type DeadLetterGrouping, type DeadLetterStore, deliveryIdOfDeadLetter } from "@sluice/core"
import type { Document, Sort } from "mongodb"
import type { DeadDeliveryContext } from "./dead-delivery-context.ts"
import { deadDeliveryProjection, deadLetterOfDelivery } from "./dead-delivery-document.ts"
import { type DeadDeliveryView, deliveriesAfter, viewsOf } from "./dead-delivery-views.ts"

/** A page of a tenant's dead deliveries, by time, then id. */
export function listDeadDeliveries({ toDeliveries, operations }: DeadDeliveryContext): DeadLetterStore["list"] {
  return ({ filter, order, after, limit }) => {
    const direction = order === "oldest_first" ? 1 : -1
    const pageOf = async ({ timeField, query }: DeadDeliveryView): Promise<readonly DeadLetter[]> => {
      const sort: Sort = { [timeField]: direction, _id: direction }
      const options = { projection: deadDeliveryProjection, sort, limit, batchSize: limit + 1 }
      const rest = after === null ? query : { $and: [query, deliveriesAfter(after, { order, timeField })] }
      const found = await toDeliveries((deliveries) => deliveries.find(rest, options).toArray())
      return found.map(deadLetterOfDelivery)
    }
    return operations.run("list of dead deliveries", async () => {
      const letters = (await Promise.all(viewsOf(filter).map(pageOf))).flat()
      const byTime = (a: DeadLetter, b: DeadLetter) => a.createdAt.getTime() - b.createdAt.getTime() || (a.id < b.id ? -1 : 1)
      return letters.sort((a, b) => direction * byTime(a, b)).slice(0, limit)
    })
  }
}

export function findDeadDelivery({ toDeliveries, operations }: DeadDeliveryContext): DeadLetterStore["find"] {
  return async ({ tenantId, id }) => {
    const deliveryId = deliveryIdOfDeadLetter(id)
    if (deliveryId === null) return null
    const query = { _id: deliveryId, tenantId, $or: [{ failedAt: { $exists: true } }, { "deadLetter.at": { $exists: true } }] }
    return await operations.run(`read of ${id}`, async () => {
      const found = await toDeliveries((deliveries) => deliveries.findOne(query, { projection: deadDeliveryProjection }))
      return found && deadLetterOfDelivery(found)
    })
  }
}

interface GroupDocument {
  readonly _id: string | null
  readonly count: number
}

function keyOf(by: DeadLetterGrouping, timeField: DeadDeliveryView["timeField"]): Document | string | null {
  switch (by) {
    case "errorType":
      return { $literal: "delivery_failed" }
    case "endpoint":
      return "$target"
    case "route":
      return { $ifNull: ["$route", null] }
    case "inputKind":
      return null
    case "day":
      return { $dateToString: { date: `$${timeField}`, format: "%Y-%m-%d", timezone: "UTC" } }
  }
}

/** Counts a tenant's dead deliveries by cause, the most first. */
export function summariseDeadDeliveries({ toDeliveries, operations }: DeadDeliveryContext): DeadLetterStore["summarise"] {
  return ({ filter, by }) =>
    operations.run("summary of dead deliveries", async () => {
      const counts = new Map<string | null, number>()
      for (const { timeField, query } of viewsOf(filter)) {
        const pipeline = [{ $match: query }, { $group: { _id: keyOf(by, timeField), count: { $sum: 1 } } }]
        const groups = await toDeliveries((deliveries) => deliveries.aggregate<GroupDocument>(pipeline).toArray())
        for (const { _id, count } of groups) counts.set(_id, (counts.get(_id) ?? 0) + count)
      }
      return Array.from(counts, ([key, count]) => ({ key, count })).sort((a, b) => b.count - a.count)
    })
}
