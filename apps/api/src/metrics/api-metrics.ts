import {
  createHttpMetrics,
  createJobMetrics,
  createMetricsRegistry,
  createStoreMetrics,
  type HttpMetrics,
  type JobMetrics,
  type MetricsRegistry,
  type StoreMetrics,
} from "@sluice/runtime"

export interface ApiMetrics {
  readonly registry: MetricsRegistry
  readonly http: HttpMetrics
  readonly jobs: JobMetrics
  readonly store: StoreMetrics
}

/** What an API process counts. */
export function createApiMetrics(): ApiMetrics {
  const registry = createMetricsRegistry({ service: "api" })
  return {
    registry,
    http: createHttpMetrics(registry),
    jobs: createJobMetrics(registry),
    store: createStoreMetrics(registry),
  }
}
