import type { DeliveryStore } from "@sluice/core"
import type { DeliveryContext } from "./delivery-context.ts"
import { fromDeliveryDocument } from "./delivery-document.ts"

export function findDelivery({ toDeliveries, operations, sealer }: DeliveryContext): DeliveryStore["find"] {
  return ({ tenantId, id }) =>
    operations.run(`read of delivery ${id}`, async () => {
      const found = await toDeliveries((deliveries) => deliveries.findOne({ _id: id, tenantId }))
      return found && fromDeliveryDocument(found, sealer)
    })
}

export function deliveriesOfJob({ toDeliveries, operations, sealer }: DeliveryContext): DeliveryStore["ofJob"] {
  return ({ tenantId, jobId }) =>
    operations.run(`deliveries of ${jobId}`, async () => {
      const found = await toDeliveries((deliveries) => deliveries.find({ tenantId, jobId }, { sort: { _id: 1 } }).toArray())
      return found.map((document) => fromDeliveryDocument(document, sealer))
    })
}

export function listDeliveries({ toDeliveries, operations, sealer }: DeliveryContext): DeliveryStore["list"] {
  return ({ tenantId, target, status, before, limit }) =>
    operations.run(`list of the deliveries to ${target}`, async () => {
      const filter = { tenantId, target, ...(status !== undefined && { status }), ...(before !== null && { _id: { $lt: before } }) }
      const found = await toDeliveries((deliveries) =>
        deliveries.find(filter, { sort: { _id: -1 }, limit, batchSize: limit + 1 }).toArray(),
      )
      return found.map((document) => fromDeliveryDocument(document, sealer))
    })
}
