import { type DeliveryStore, type DeliveryTry, maxTriesKept, type Settlement } from "@sluice/core"
import type { UpdateFilter } from "mongodb"
import type { DeliveryContext } from "./delivery-context.ts"
import type { DeliveryDocument } from "./delivery-document.ts"

/** Settles on behalf of the lease. It takes the token away, so that the same update made again matches nothing. */
export function settle({ operations, settlements }: DeliveryContext): DeliveryStore["settle"] {
  return ({ id, token, settlement }) =>
    operations.run(`settlement of ${id}`, async (signal) => {
      await settlements.add({ filter: { _id: id, leaseToken: token }, update: updateOf(settlement) }, signal)
    })
}

/** What `settleDelivery` in core says, as an update. */
function updateOf(settlement: Settlement): UpdateFilter<DeliveryDocument> {
  switch (settlement.kind) {
    case "delivered": {
      const { made } = settlement
      return {
        $set: { status: "delivered", deliveredAt: made.at },
        $unset: { leaseToken: "", nextAttemptAt: "", lastError: "" },
        ...tryUpdate(made),
      }
    }
    case "retry": {
      const { made, nextAttemptAt } = settlement
      return {
        $set: { nextAttemptAt, ...(made.error !== null && { lastError: made.error }) },
        $unset: { leaseToken: "" },
        ...tryUpdate(made),
      }
    }
    case "failed": {
      const { made, at, error } = settlement
      return {
        $set: { status: "failed", failedAt: at, untoldAt: at, lastError: error },
        $unset: { leaseToken: "", nextAttemptAt: "" },
        ...(made && tryUpdate(made)),
      }
    }
    case "released":
      return { $set: { nextAttemptAt: settlement.nextAttemptAt }, $unset: { leaseToken: "" } }
  }
}

function tryUpdate(made: DeliveryTry): UpdateFilter<DeliveryDocument> {
  return { $push: { tries: { $each: [made], $slice: -maxTriesKept } }, $inc: { tryCount: 1, roundTries: 1 } }
}
