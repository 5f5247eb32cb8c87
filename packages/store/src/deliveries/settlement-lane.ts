import { BSON, type UpdateFilter } from "mongodb"
import type { SendTo } from "../connection/database.ts"
import { itemErrors } from "../errors/item-errors.ts"
import type { DeliveryDocument } from "./delivery-document.ts"

export interface SettlementUpdate {
  readonly filter: { readonly _id: string; readonly leaseToken: string }
  readonly update: UpdateFilter<DeliveryDocument>
}

export function settlementBytes({ filter, update }: SettlementUpdate): number {
  return BSON.calculateObjectSize({ q: filter, u: update }, { ignoreUndefined: true })
}

/** Writes settlements as one command. Which of them still held their lease concerns nobody. */
export async function commitSettlements(
  toDeliveries: SendTo<DeliveryDocument>,
  updates: readonly SettlementUpdate[],
): Promise<readonly ("sent" | Error)[]> {
  try {
    const operations = updates.map(({ filter, update }) => ({ updateOne: { filter, update } }))
    await toDeliveries((deliveries) => deliveries.bulkWrite(operations, { ordered: false }))
    return updates.map(() => "sent")
  } catch (error) {
    const refused = itemErrors(error)
    return updates.map((_, index) => refused.get(index) ?? "sent")
  }
}
