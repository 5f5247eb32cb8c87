import type { QueueInspector } from "@sluice/core"
import type { Operator, ReadInferenceHealth } from "@sluice/engine"
import {
  createSharedGauges,
  type Environment,
  type Logger,
  type Releasers,
  type ServedReadiness,
  startMetricsServer,
} from "@sluice/runtime"
import type { ApiMetrics } from "./api-metrics.ts"

export interface StartMetricsOptions {
  readonly metrics: ApiMetrics
  readonly environment: Pick<Environment, "host" | "metricsPort">
  readonly operator: Pick<Operator, "endpoints">
  readonly inferenceHealth: ReadInferenceHealth
  readonly queues: Pick<QueueInspector, "states">
  readonly routeNames: () => readonly string[]
  readonly readiness: ServedReadiness
  readonly releasers: Releasers
  readonly logger: Logger
}

/** Adds what all processes share to what this one counts, and serves it on a port of its own as well, where `METRICS_PORT` names one. */
export async function startMetrics(options: StartMetricsOptions): Promise<void> {
  const { metrics, environment, operator, inferenceHealth, queues, routeNames, readiness, releasers, logger } = options
  createSharedGauges({
    registry: metrics.registry,
    queues: () => queues.states(routeNames()),
    endpoints: () => operator.endpoints(),
    health: inferenceHealth,
    onError: (error) => logger.warn({ err: error }, "a scrape tells old figures of queues and endpoints: Redis does not answer"),
  })
  const { host, metricsPort: port } = environment
  if (port === null) return
  const server = await startMetricsServer({ registry: metrics.registry, host, port, readiness })
  releasers.push({ name: "metrics", release: () => server.close() })
  logger.info({ host, port: server.port }, "metrics and health are served without a key on a port of their own")
}
