import type { SendTo } from "../connection/database.ts"
import type { Sealer } from "../encryption/sealer.ts"
import type { GroupCommit } from "../group-commit/group-commit.ts"
import type { Operations } from "../operations/operations.ts"
import type { DeliveryDocument } from "./delivery-document.ts"
import type { SettlementUpdate } from "./settlement-lane.ts"

/** What the operations on deliveries share. */
export interface DeliveryContext {
  readonly toDeliveries: SendTo<DeliveryDocument>
  readonly operations: Operations
  readonly sealer: Sealer
  readonly settlements: GroupCommit<SettlementUpdate, "sent">
}
