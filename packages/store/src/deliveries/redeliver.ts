import type { DeliveryStore } from "@sluice/core"
import type { UpdateFilter } from "mongodb"
import type { DeliveryContext } from "./delivery-context.ts"
import { type DeliveryDocument, fromDeliveryDocument } from "./delivery-document.ts"

const freshStart = { $set: { status: "pending", roundTries: 0 }, $unset: { deliveredAt: "", failedAt: "", untoldAt: "" } } as const

function madeAnew(at: Date, recoveryId?: string): UpdateFilter<DeliveryDocument> {
  return { ...freshStart, $set: { ...freshStart.$set, nextAttemptAt: at, ...(recoveryId !== undefined && { recoveryId }) } }
}

/** Has one delivery made anew; a second request within the moment changes nothing more. */
export function redeliver({ toDeliveries, operations, sealer }: DeliveryContext): DeliveryStore["redeliver"] {
  return ({ tenantId, id, at }) =>
    operations.run(`redelivery of ${id}`, async () => {
      const free = { _id: id, tenantId, leaseToken: { $exists: false } }
      const anew = await toDeliveries((deliveries) => deliveries.findOneAndUpdate(free, madeAnew(at), { returnDocument: "after" }))
      const found = anew ?? (await toDeliveries((deliveries) => deliveries.findOne({ _id: id, tenantId })))
      return found && fromDeliveryDocument(found, sealer)
    })
}

/** Puts the next failed deliveries of a recovery back in line. Those that it has put there before bear its mark. */
export function recover({ toDeliveries, operations }: DeliveryContext): DeliveryStore["recover"] {
  return ({ recoveryId, tenantId, target, since, until, at, limit }) =>
    operations.run(`recovery ${recoveryId}`, async () => {
      const open = { tenantId, target, status: "failed", createdAt: { $gte: since, $lt: until }, recoveryId: { $ne: recoveryId } } as const
      const found = await toDeliveries((deliveries) => deliveries.find(open, { projection: { _id: 1 }, limit }).toArray())
      const ids = found.map(({ _id }) => _id)
      if (ids.length === 0) return 0
      await toDeliveries((deliveries) => deliveries.updateMany({ ...open, _id: { $in: ids } }, madeAnew(at, recoveryId)))
      return ids.length
    })
}

export function countRecovered({ toDeliveries, operations }: DeliveryContext): DeliveryStore["countRecovered"] {
  return ({ recoveryId }) =>
    operations.run(`progress of recovery ${recoveryId}`, () =>
      toDeliveries((deliveries) => deliveries.countDocuments({ recoveryId: { $exists: true, $eq: recoveryId } })),
    )
}
