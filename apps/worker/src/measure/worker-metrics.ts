import {
  createJobMetrics,
  createMetricsRegistry,
  createProviderMetrics,
  createStoreMetrics,
  createUpkeepMetrics,
  createWebhookMetrics,
  type JobMetrics,
  type MetricsRegistry,
  type ProviderMetrics,
  type StoreMetrics,
  type UpkeepMetrics,
  type WebhookMetrics,
} from "@sluice/runtime"

export interface WorkerMetrics {
  readonly registry: MetricsRegistry
  readonly jobs: JobMetrics
  readonly providers: ProviderMetrics
  readonly store: StoreMetrics
  readonly webhooks: WebhookMetrics
  readonly upkeep: UpkeepMetrics
}

/** What a worker counts. */
export function createWorkerMetrics(): WorkerMetrics {
  const registry = createMetricsRegistry({ service: "worker" })
  return {
    registry,
    jobs: createJobMetrics(registry),
    providers: createProviderMetrics(registry),
    store: createStoreMetrics(registry),
    webhooks: createWebhookMetrics(registry),
    upkeep: createUpkeepMetrics(registry),
  }
}
