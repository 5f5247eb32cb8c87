import type { DeadDeliveries, DeadLetterStore } from "@sluice/core"
import { type Database, sendTo } from "../../connection/database.ts"
import { deliveriesCollection } from "../../deliveries/delivery-document.ts"
import type { Operations } from "../../operations/operations.ts"
import { causesOfDeadDeliveries } from "./causes-of-dead-deliveries.ts"
import type { DeadDeliveryContext } from "./dead-delivery-context.ts"
import { type DeadDeliveryDocument, outcomeOf } from "./dead-delivery-document.ts"
import { discardDeadDeliveries, discardOldDeadDeliveries } from "./discard-dead-deliveries.ts"
import { findDeadDelivery, listDeadDeliveries, summariseDeadDeliveries } from "./read-dead-deliveries.ts"
import { redeliverDeadLetter } from "./redeliver-dead-letter.ts"
import { findUntold, markTold } from "./untold-dead-deliveries.ts"

/** The `DeadDeliveries` on a database that has its indexes: a view on the deliveries. */
export function createDeadDeliveryStore(options: { readonly database: Database; readonly operations: Operations }): DeadDeliveries {
  const toDeliveries = sendTo<DeadDeliveryDocument>(options.database, deliveriesCollection)
  const context: DeadDeliveryContext = { toDeliveries, operations: options.operations }
  return {
    list: listDeadDeliveries(context),
    find: findDeadDelivery(context),
    summarise: summariseDeadDeliveries(context),
    causes: causesOfDeadDeliveries(context),
    discard: discardDeadDeliveries(context),
    discardOld: discardOldDeadDeliveries(context),
    countFailures: countFailures(context),
    progressOf: progressOf(context),
    findUntold: findUntold(context),
    markTold: markTold(context),
    redeliver: redeliverDeadLetter(context),
  }
}

function countFailures({ toDeliveries, operations }: DeadDeliveryContext): DeadLetterStore["countFailures"] {
  return ({ from, until }) =>
    operations.run("count of dead deliveries", async () => {
      const within = { $exists: true, $gte: from, $lt: until }
      const [open, closed] = await Promise.all([
        toDeliveries((deliveries) => deliveries.countDocuments({ failedAt: within })),
        toDeliveries((deliveries) => deliveries.countDocuments({ "deadLetter.at": within, failedAt: { $exists: false } })),
      ])
      return open + closed
    })
}

interface OutcomeDocument {
  readonly _id: { readonly status: DeadDeliveryDocument["status"]; readonly isLast: boolean }
  readonly count: number
}

/** What a later replay took up once more had failed in this one. */
function progressOf({ toDeliveries, operations }: DeadDeliveryContext): DeadLetterStore["progressOf"] {
  return ({ tenantId, replayId }) => {
    const isLast = { $eq: [{ $arrayElemAt: ["$deadLetter.replays.replayId", -1] }, { $literal: replayId }] }
    const pipeline = [
      { $match: { "deadLetter.replays.replayId": replayId, tenantId } },
      { $group: { _id: { status: "$status", isLast }, count: { $sum: 1 } } },
    ]
    return operations.run(`progress of ${replayId}`, async () => {
      const groups = await toDeliveries((deliveries) => deliveries.aggregate<OutcomeDocument>(pipeline).toArray())
      const count = (wanted: "succeeded" | "failed" | null) =>
        groups.reduce((sum, group) => sum + ((group._id.isLast ? outcomeOf(group._id.status) : "failed") === wanted ? group.count : 0), 0)
      const [succeeded, failed] = [count("succeeded"), count("failed")]
      return { requeued: succeeded + failed + count(null), succeeded, failed, cancelled: 0 }
    })
  }
}
