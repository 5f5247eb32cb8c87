import type { DeliveryObserver } from "@sluice/engine"
import type { WorkerMetrics } from "./worker-metrics.ts"

/** Counts what deliveries tell, and passes it on. */
export function measureDeliveries(
  { webhooks, upkeep }: Pick<WorkerMetrics, "webhooks" | "upkeep">,
  observer: DeliveryObserver,
): DeliveryObserver {
  return {
    ...observer,
    tried(event) {
      observer.tried(event)
      webhooks.tried(event.made)
      if (event.made.error === null) webhooks.ended("delivered")
    },
    failed(event) {
      observer.failed(event)
      webhooks.ended("undeliverable")
      upkeep.deadLetter({ kind: "delivery", errorType: "undeliverable" })
    },
    endpointDisabled(event) {
      observer.endpointDisabled(event)
      webhooks.endpointDisabled(event.reason)
    },
  }
}
