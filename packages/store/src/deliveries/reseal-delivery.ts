import type { ConditionalReseal } from "../encryption/reseal.ts"
import type { Sealer } from "../encryption/sealer.ts"
import { present } from "../present.ts"
import { type DeliveryDocument, placeInDelivery } from "./delivery-document.ts"

/** Body and secret stay as they were made, whatever becomes of a delivery. */
export function resealedDelivery(document: DeliveryDocument, sealer: Sealer): readonly ConditionalReseal[] {
  const { _id, bodyKey, body, secret } = document
  const anew = (value: typeof body, field: "body" | "secret") => {
    const place = placeInDelivery(document, field)
    return sealer.seal(sealer.open(value, place), place)
  }
  const set = {
    body: anew(body, "body"),
    ...present({ bodyKey: sealer.keyId, secret: secret === undefined ? null : anew(secret, "secret") }),
  }
  return [{ filter: { _id, bodyKey: bodyKey ?? { $exists: false } }, set }]
}
