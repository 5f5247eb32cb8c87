import type { SendTo } from "../../connection/database.ts"
import type { Operations } from "../../operations/operations.ts"
import type { DeadDeliveryDocument } from "./dead-delivery-document.ts"

/** What the operations on dead deliveries share. */
export interface DeadDeliveryContext {
  readonly toDeliveries: SendTo<DeadDeliveryDocument>
  readonly operations: Operations
}
