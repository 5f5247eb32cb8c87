import type { DeliveryStore } from "@sluice/core"
import type { DeliveryContext } from "./delivery-context.ts"
import { fromDeliveryDocument } from "./delivery-document.ts"

/** Pending deliveries whose time has come. A leased one is due at the end of its lease, so nothing else need be looked at. */
export function findDue({ toDeliveries, operations }: DeliveryContext): DeliveryStore["findDue"] {
  return ({ at, limit, exceptLanes }) =>
    operations.run("search for due deliveries", async () => {
      const filter = {
        status: "pending",
        nextAttemptAt: { $lte: at },
        ...(exceptLanes.length > 0 && { lane: { $nin: [...exceptLanes] } }),
      } as const
      const options = { projection: { lane: 1 }, sort: { nextAttemptAt: 1 }, limit, batchSize: limit + 1 } as const
      const found = await toDeliveries((deliveries) => deliveries.find(filter, options).toArray())
      return found.map(({ _id, lane }) => ({ id: _id, lane }))
    })
}

/**
 * Each delivery is taken by one atomic update, whose condition a rival's update makes false. The token shows afterwards which
 * ones were got; after an unknown outcome, too.
 */
export function leaseDeliveries({ toDeliveries, operations, sealer }: DeliveryContext): DeliveryStore["lease"] {
  return ({ ids, at, until, token }) =>
    operations.run(`lease of ${ids.length} deliveries`, async () => {
      const those = { _id: { $in: ids.toSorted() } }
      const due = { ...those, status: "pending", nextAttemptAt: { $lte: at } } as const
      await toDeliveries((deliveries) => deliveries.updateMany(due, { $set: { leaseToken: token, nextAttemptAt: until } }))
      const found = await toDeliveries((deliveries) =>
        deliveries.find({ ...those, leaseToken: token }, { batchSize: ids.length + 1 }).toArray(),
      )
      return found.map((document) => fromDeliveryDocument(document, sealer))
    })
}
