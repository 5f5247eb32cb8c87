import type { DeliveryStore } from "@sluice/core"
import { DuplicateKeyError, itemErrors } from "../errors/item-errors.ts"
import type { DeliveryContext } from "./delivery-context.ts"
import { toDeliveryDocument } from "./delivery-document.ts"

/** Stores what is not there yet; a duplicate is as good as an insert, so an insert of unknown outcome is simply made again. */
export function insertDeliveries({ toDeliveries, operations, sealer }: DeliveryContext): DeliveryStore["insert"] {
  return async (deliveries) => {
    if (deliveries.length === 0) return
    const documents = deliveries.map((delivery) => toDeliveryDocument(delivery, sealer)).sort((a, b) => (a._id < b._id ? -1 : 1))
    await operations.run(`insert of ${deliveries.length} deliveries`, async () => {
      try {
        await toDeliveries((collection) => collection.insertMany(documents, { ordered: false }))
      } catch (error) {
        const refused = [...itemErrors(error).values()].find((refusal) => !(refusal instanceof DuplicateKeyError))
        if (refused) throw refused
      }
    })
  }
}
