import type { Clock } from "@sluice/core"
import { createAccountUsage, createFanOut, createRemoveJob, deliverySettingsOf, type RemoveJob } from "@sluice/engine"
import type { LiveCatalog } from "@sluice/runtime"
import type { ApiStore } from "./deferred-store.ts"

export interface BuildRemoveJobOptions {
  readonly store: Pick<ApiStore, "jobs" | "blobs" | "cache" | "deliveries" | "webhookEndpoints" | "usage">
  readonly catalog: LiveCatalog
  readonly clock: Clock
}

/** Removing a job may come before a worker has told of its end, so that this process does. Workers deliver what it makes. */
export function buildRemoveJob({ store, catalog, clock }: BuildRemoveJobOptions): RemoveJob {
  const { jobs, blobs, cache, deliveries, webhookEndpoints, usage } = store
  const fanOut = createFanOut({
    ...{ store: jobs, deliveries, endpoints: webhookEndpoints, clock },
    firstWaitMs: () => deliverySettingsOf(catalog.current().webhooks).scheduleMs[0] ?? 0,
    deadLetterRetentionMs: () => catalog.current().deadLetters.retentionMs,
    onDeliveries: () => undefined,
  })
  return createRemoveJob({ store: jobs, blobs, cache, fanOut, accountUsage: createAccountUsage({ ledger: usage }) })
}
