import { type DeadDeliveries, deliveryIdOfDeadLetter } from "@sluice/core"
import type { DeadDeliveryContext } from "./dead-delivery-context.ts"
import { deadDeliveryProjection, deadLetterOfDelivery } from "./dead-delivery-document.ts"

/** Those of which no event was raised. A mark stays when a replay takes one up meanwhile: it was a dead letter all the same. */
export function findUntold({ toDeliveries, operations }: DeadDeliveryContext): DeadDeliveries["findUntold"] {
  return ({ limit }) =>
    operations.run("search for dead deliveries to tell of", async () => {
      const options = { projection: deadDeliveryProjection, sort: { untoldAt: 1 }, limit, batchSize: limit + 1 } as const
      const found = await toDeliveries((deliveries) => deliveries.find({ untoldAt: { $exists: true } }, options).toArray())
      return found.flatMap((delivery) => {
        const { untoldAt: at, eventType = "" } = delivery
        return at ? [{ letter: deadLetterOfDelivery(delivery), eventType, at }] : []
      })
    })
}

export function markTold({ toDeliveries, operations }: DeadDeliveryContext): DeadDeliveries["markTold"] {
  return async (letters) => {
    const marks = letters.flatMap(({ letter, at }) => {
      const _id = deliveryIdOfDeadLetter(letter.id)
      return _id === null ? [] : [{ updateOne: { filter: { _id, untoldAt: at }, update: { $unset: { untoldAt: "" as const } } } }]
    })
    if (marks.length === 0) return
    const inOrder = marks.toSorted((a, b) => (a.updateOne.filter._id < b.updateOne.filter._id ? -1 : 1))
    await operations.run(`marking ${marks.length} dead deliveries as told`, () =>
      toDeliveries((deliveries) => deliveries.bulkWrite(inOrder, { ordered: false })),
    )
  }
}
