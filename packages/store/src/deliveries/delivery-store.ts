import type { DeliveryStore } from "@sluice/core"
import { type Database, sendTo } from "../connection/database.ts"
import type { Sealer } from "../encryption/sealer.ts"
import { createGroupCommit, defaultFlushBounds } from "../group-commit/group-commit.ts"
import type { Operations } from "../operations/operations.ts"
import type { DeliveryContext } from "./delivery-context.ts"
import { type DeliveryDocument, deliveriesCollection } from "./delivery-document.ts"
import { insertDeliveries } from "./insert-deliveries.ts"
import { findDue, leaseDeliveries } from "./lease-deliveries.ts"
import { deliveriesOfJob, findDelivery, listDeliveries } from "./read-deliveries.ts"
import { countRecovered, recover, redeliver } from "./redeliver.ts"
import { settle } from "./settle-delivery.ts"
import { commitSettlements, settlementBytes } from "./settlement-lane.ts"

/** The `DeliveryStore` on a database that has its indexes. */
export function createDeliveryStore({
  database,
  operations,
  sealer,
}: {
  readonly database: Database
  readonly operations: Operations
  readonly sealer: Sealer
}): DeliveryStore {
  const toDeliveries = sendTo<DeliveryDocument>(database, deliveriesCollection)
  const settlements: DeliveryContext["settlements"] = createGroupCommit({
    commit: (updates) => commitSettlements(toDeliveries, updates),
    bytesOf: settlementBytes,
    compare: (a, b) => (a.filter._id < b.filter._id ? -1 : 1),
    bounds: defaultFlushBounds,
  })
  const context: DeliveryContext = { toDeliveries, operations, sealer, settlements }
  return {
    insert: insertDeliveries(context),
    findDue: findDue(context),
    lease: leaseDeliveries(context),
    settle: settle(context),
    find: findDelivery(context),
    ofJob: deliveriesOfJob(context),
    list: listDeliveries(context),
    redeliver: redeliver(context),
    recover: recover(context),
    countRecovered: countRecovered(context),
  }
}
