import type { DeadLetterStore, Discard } from "@sluice/core"
import type { Filter } from "mongodb"
import { TryAgain } from "../../errors/try-again.ts"
import type { DeadDeliveryContext } from "./dead-delivery-context.ts"
import type { DeadDeliveryDocument } from "./dead-delivery-document.ts"
import { viewsOf } from "./dead-delivery-views.ts"
import { whatFailed } from "./redeliver-dead-letter.ts"

export function discardDeadDeliveries(context: DeadDeliveryContext): DeadLetterStore["discard"] {
  return async ({ filter, limit, ...discard }) => {
    const [open] = viewsOf({ ...filter, state: "open" })
    return open ? await discardSome(context, { selected: open.query, limit, discard }) : 0
  }
}

export function discardOldDeadDeliveries(context: DeadDeliveryContext): DeadLetterStore["discardOld"] {
  return ({ createdBefore, limit, ...discard }) =>
    discardSome(context, { selected: { status: "failed", failedAt: { $exists: true, $lt: createdBefore } }, limit, discard })
}

interface Selected {
  readonly selected: Filter<DeadDeliveryDocument>
  readonly limit: number
  readonly discard: Discard
}

/** Should an attempt be repeated, its count is that of the last one. */
function discardSome({ toDeliveries, operations }: DeadDeliveryContext, { selected, limit, discard }: Selected): Promise<number> {
  return operations.run("discarding dead deliveries", async () => {
    const options = { projection: { _id: 1 }, sort: { failedAt: 1, _id: 1 }, limit, batchSize: limit + 1 } as const
    const found = await toDeliveries((deliveries) => deliveries.find(selected, options).toArray())
    if (found.length === 0) return 0
    const open = { _id: { $in: found.map(({ _id }) => _id) }, status: "failed", failedAt: { $exists: true } } as const
    const replays = { $ifNull: ["$deadLetter.replays", []] }
    const update = [{ $set: { deadLetter: { ...whatFailed, replays, discarded: { $literal: discard } } } }, { $unset: "failedAt" }]
    const { modifiedCount } = await toDeliveries((deliveries) => deliveries.updateMany(open, update))
    if (modifiedCount === 0) throw new TryAgain("others have dealt with all that were found")
    return modifiedCount
  })
}
