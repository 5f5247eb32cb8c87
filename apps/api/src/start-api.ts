import { setTimeout } from "node:timers/promises"
import type { Tracer } from "@sluice/core"
import type { Environment, Logger, Releasers } from "@sluice/runtime"
import { createApp } from "./app.ts"
import { startMetrics } from "./metrics/start-metrics.ts"
import { startServer } from "./server.ts"
import { adminKeyOf } from "./wiring/admin-key.ts"
import { attendProcess } from "./wiring/attend-process.ts"
import { buildUseCases } from "./wiring/build-use-cases.ts"
import { openConnections } from "./wiring/open-connections.ts"

export interface StartApiOptions {
  readonly environment: Environment
  /** Where `env:NAME` credentials are looked up. */
  readonly variables: Readonly<Record<string, string | undefined>>
  readonly logger: Logger
  readonly tracer: Tracer
  /** Gets whatever is opened here. */
  readonly releasers: Releasers
  /** Aborted when the process shuts down. */
  readonly signal: AbortSignal
  /** Shows a line to whoever started the process, beside the logs. */
  readonly tell: (line: string) => void
  /** Told when, after the start, something turns out with which the process cannot go on. */
  readonly onFatal: (error: unknown) => void
}

/** What a shutdown needs beside the answers under way: flushing and closing connections. */
const closingMs = 5_000
/** How long the ready line waits for a database that does not answer. */
const patienceMs = 3_000

/** Starts the API. It serves from the first moment, with or without MongoDB and Redis, and says in `/health/ready` how it is. */
export async function startApi(options: StartApiOptions): Promise<void> {
  const { environment, logger, releasers, signal, tell } = options
  const adminKey = adminKeyOf(environment)
  const connections = await openConnections(options)
  const { catalog, store, metrics } = connections
  const useCases = buildUseCases({ ...options, connections, adminKey: adminKey.key })
  const { host, port, maxBodyBytes, requestTimeoutMs, maxConnections } = environment
  const listener = createApp({ ...useCases, body: { maxBytes: maxBodyBytes } })
  const server = await startServer({ listener, host, port, limits: { requestTimeoutMs, maxConnections } })
  releasers.push({
    name: "server",
    timeoutMs: environment.shutdownGraceMs,
    release: () => {
      useCases.endWaits()
      return server.close({ graceMs: Math.max(0, environment.shutdownGraceMs - closingMs) })
    },
  })
  attendProcess({ ...options, redis: connections.redis })
  await startMetrics({ ...useCases, metrics, environment, releasers, logger })
  await Promise.race([store.firstAttempt, setTimeout(patienceMs, undefined, { ref: false })])
  if (signal.aborted) return
  if (adminKey.isNew) tell(`SLUICE_DEV=1: until this process ends, ${server.url} accepts the key ${adminKey.key}`)
  logger.info({ url: server.url, routes: Object.keys(catalog.current().routes) }, "ready")
}
