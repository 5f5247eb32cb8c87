import type { DeliveryResource } from "../contract/job-resource.ts"
import type { Delivery, DeliveryTry } from "./delivery.ts"

/** A delivery as the wire shows it; nothing of its secret. */
export function presentDelivery(delivery: Delivery): DeliveryResource {
  const { id, eventId, eventType, target, status } = delivery
  return {
    id,
    eventId,
    eventType,
    target,
    status,
    tries: delivery.tries.map(presentTry),
    nextAttemptAt: delivery.nextAttemptAt?.toISOString() ?? null,
  }
}

function presentTry({ at, ...told }: DeliveryTry) {
  return { at: at.toISOString(), ...told }
}
