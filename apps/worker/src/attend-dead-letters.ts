import type { JobQueue, TenantDirectory } from "@sluice/core"
import { combineDeadLetters, createDeadLetterUpkeep, createReplayRunner, type FanOut, runPeriodically } from "@sluice/engine"
import type { LiveCatalog, Logger, Releasers } from "@sluice/runtime"
import type { Store } from "@sluice/store"
import { logDeadLetters } from "./log-dead-letters.ts"

export interface AttendDeadLettersOptions {
  readonly store: Pick<Store, "jobs" | "deadLetters" | "deadDeliveries" | "replays" | "batches" | "leases">
  readonly queue: JobQueue
  readonly catalog: LiveCatalog
  readonly tenants: TenantDirectory
  readonly fanOut: Pick<FanOut, "ofOutbox">
  readonly workerId: string
  readonly logger: Logger
  readonly releasers: Releasers
  /** Aborted when the process shuts down. */
  readonly signal: AbortSignal
}

const replayEveryMs = 500
const upkeepEveryMs = 30_000

/** Takes this process's turns at carrying out replays and at looking after dead letters, until the signal. */
export function attendDeadLetters(options: AttendDeadLettersOptions): void {
  const { store, queue, catalog, tenants, fanOut, workerId, logger, releasers, signal } = options
  const observer = logDeadLetters(logger)
  const { deadDeliveries } = store
  const deadLetters = combineDeadLetters([store.deadLetters, deadDeliveries])
  const common = { ...store, deadLetters, clock: () => new Date(), holder: workerId, observer }
  const runReplays = createReplayRunner({ ...common, deliveries: deadDeliveries, queue, tenants, fanOut })
  const upkeep = createDeadLetterUpkeep({ ...common, settings: () => catalog.current().deadLetters })
  const attending = Promise.all([
    runPeriodically(runReplays, {
      everyMs: replayEveryMs,
      signal,
      onError: (error) => logger.error({ err: error }, "replays could not be continued; it is tried again"),
    }),
    runPeriodically(upkeep, {
      everyMs: upkeepEveryMs,
      signal,
      onError: (error) => logger.error({ err: error }, "dead letters could not be looked after; it is tried again"),
    }),
  ])
  releasers.push({ name: "dead letters", release: () => attending })
}
