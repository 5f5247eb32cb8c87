import type { BatchStore } from "@sluice/core"
import { type Database, sendTo } from "../connection/database.ts"
import { deliveriesCollection } from "../deliveries/delivery-document.ts"
import type { Operations } from "../operations/operations.ts"
import { type BatchDocument, batchesCollection } from "./batch-document.ts"

interface EventDelivery {
  readonly _id: string
  readonly status: string
}

export interface RemoveBatchContext {
  readonly database: Database
  readonly operations: Operations
}

/** Removes a batch after the deliveries of its event, which have the event's id before a colon in their own. */
export function removeBatch({ database, operations }: RemoveBatchContext): BatchStore["remove"] {
  const toBatches = sendTo<BatchDocument>(database, batchesCollection)
  const toDeliveries = sendTo<EventDelivery>(database, deliveriesCollection)
  return ({ tenantId, id, eventId }) =>
    operations.run(`removal of ${id}`, async () => {
      const ofEvent = { _id: { $gte: `${eventId}:`, $lt: `${eventId};` } }
      if (await toDeliveries((deliveries) => deliveries.findOne({ ...ofEvent, status: "pending" }, { projection: { _id: 1 } }))) return
      if (!(await toBatches((batches) => batches.findOne({ _id: id, tenantId }, { projection: { _id: 1 } })))) return
      await toDeliveries((deliveries) => deliveries.deleteMany(ofEvent))
      await toBatches((batches) => batches.deleteOne({ _id: id, tenantId }))
    })
}
