import { createReadiness, type Environment, type Logger, type Releasers, startMetricsServer } from "@sluice/runtime"
import type { Store } from "@sluice/store"
import type { WorkerMetrics } from "./worker-metrics.ts"

export interface ServeMetricsOptions {
  readonly metrics: WorkerMetrics
  readonly environment: Pick<Environment, "host" | "metricsPort">
  readonly checks: { readonly mongodb: Store["ping"]; readonly redis: () => Promise<{ readonly latencyMs: number }> }
  readonly releasers: Releasers
  readonly logger: Logger
}

const checkTimeoutMs = 1_000

/** Serves metrics and health where `METRICS_PORT` says, and nothing where it is unset. */
export async function serveMetrics({ metrics, environment, checks, releasers, logger }: ServeMetricsOptions): Promise<void> {
  const { host, metricsPort: port } = environment
  if (port === null) return
  const readiness = createReadiness({ checks, timeoutMs: checkTimeoutMs })
  const server = await startMetricsServer({ registry: metrics.registry, host, port, readiness })
  releasers.push({ name: "metrics", release: () => server.close() })
  logger.info({ host, port: server.port }, "metrics and health are served")
}
