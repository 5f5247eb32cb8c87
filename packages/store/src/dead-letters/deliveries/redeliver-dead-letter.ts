import { type DeadDeliveries, deliveryIdOfDeadLetter, maxReplaysKept } from "@sluice/core"
import type { Document } from "mongodb"
import type { DeadDeliveryContext } from "./dead-delivery-context.ts"

/** Has an open dead letter's delivery made anew, from the start of its schedule; once for a replay. */
export function redeliverDeadLetter({ toDeliveries, operations }: DeadDeliveryContext): DeadDeliveries["redeliver"] {
  return async ({ tenantId, id, replayId, by, at }) => {
    const deliveryId = deliveryIdOfDeadLetter(id)
    if (deliveryId === null) return false
    const ref = { _id: deliveryId, tenantId }
    const open = {
      ...ref,
      status: "failed",
      failedAt: { $exists: true },
      "deadLetter.replays.replayId": { $ne: replayId },
    } as const
    return await operations.run(`redelivery of ${deliveryId}`, async () => {
      const { matchedCount } = await toDeliveries((deliveries) => deliveries.updateOne(open, beginAnew({ replayId, by, at })))
      if (matchedCount === 1) return true
      // The attempt before this one, whose outcome was unknown, may have done it.
      const mark = { ...ref, "deadLetter.replays": { $elemMatch: { replayId, at } } }
      return (await toDeliveries((deliveries) => deliveries.countDocuments(mark))) === 1
    })
  }
}

function beginAnew({ replayId, by, at }: { readonly replayId: string; readonly by: string; readonly at: Date }): Document[] {
  const replays = { $ifNull: ["$deadLetter.replays", []] }
  const entry = { replayId: { $literal: replayId }, run: { $add: [{ $size: replays }, 2] }, at, by: { $literal: by } }
  return [
    {
      $set: {
        status: "pending",
        roundTries: 0,
        nextAttemptAt: at,
        deadLetter: { ...whatFailed, replays: { $slice: [{ $concatArrays: [replays, [entry]] }, -maxReplaysKept] } },
      },
    },
    { $unset: ["failedAt", "deliveredAt"] },
  ]
}

/** What an open dead letter reads from the delivery itself, which what comes next overwrites. */
export const whatFailed = {
  at: "$failedAt",
  error: "$lastError",
  httpStatus: { $arrayElemAt: ["$tries.httpStatus", -1] },
} as const
