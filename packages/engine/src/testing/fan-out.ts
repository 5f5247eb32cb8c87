import type { JobStore } from "@sluice/core"
import { createMemoryDeliveryStore, createMemoryWebhookEndpointStore } from "@sluice/core/testing"
import { createFanOut, type FanOutDependencies } from "../deliver/fan-out.ts"

/** Tells of the jobs of a store, by default to nobody. */
export function fanOutOf(store: JobStore, overrides: Partial<FanOutDependencies> = {}) {
  return createFanOut({
    store,
    deliveries: createMemoryDeliveryStore(),
    endpoints: createMemoryWebhookEndpointStore(),
    clock: () => new Date(),
    firstWaitMs: () => 0,
    deadLetterRetentionMs: () => 86_400_000,
    onDeliveries: () => undefined,
    ...overrides,
  })
}
