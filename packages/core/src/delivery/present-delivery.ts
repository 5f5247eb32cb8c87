import type { DeliveryResource, DeliveryWithRequestResource } from "../contract/job-resource.ts"
import type { Delivery, DeliveryTry } from "./delivery.ts"
import type { WebhookEndpoint } from "./webhook-endpoint.ts"

/** A delivery as the wire shows it; nothing of its secret. */
export function presentDelivery(delivery: Delivery): DeliveryResource {
  const { id, eventId, eventType, target, jobId, status, tryCount } = delivery
  return {
    id,
    eventId,
    eventType,
    target,
    jobId,
    status,
    createdAt: delivery.createdAt.toISOString(),
    tryCount,
    tries: delivery.tries.map(presentTry),
    nextAttemptAt: delivery.nextAttemptAt?.toISOString() ?? null,
  }
}

/** The same with what is sent to the endpoint. `mayReadJobs`: whether the reader may see the body, which holds the job. */
export function presentDeliveryWithRequest(
  delivery: Delivery,
  { endpoint, mayReadJobs }: { readonly endpoint: Pick<WebhookEndpoint, "url" | "headers">; readonly mayReadJobs: boolean },
): DeliveryWithRequestResource {
  const { url, headers } = endpoint
  const body = mayReadJobs ? delivery.body : null
  return { ...presentDelivery(delivery), request: { method: "POST", url, headerNames: Object.keys(headers), body } }
}

function presentTry({ at, ...told }: DeliveryTry) {
  return { at: at.toISOString(), ...told }
}
