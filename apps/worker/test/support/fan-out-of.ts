import { createFanOut, type FanOut } from "@sluice/engine"
import type { Store } from "@sluice/store"

/** Tells of the jobs of a store as a worker does. */
export function fanOutOf(store: Store): FanOut {
  return createFanOut({
    ...{ store: store.jobs, deliveries: store.deliveries, endpoints: store.webhookEndpoints },
    ...{ clock: () => new Date(), firstWaitMs: () => 0, deadLetterRetentionMs: () => 86_400_000, onDeliveries: () => undefined },
  })
}
