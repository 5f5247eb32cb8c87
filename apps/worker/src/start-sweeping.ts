import type { JobSignals, TenantDirectory, Tracer } from "@sluice/core"
import { createAccountUsage, createSweep, runPeriodically } from "@sluice/engine"
import { createJobQueue, createQueueInventory, type RedisHandle } from "@sluice/redis"
import type { LiveCatalog, Logger } from "@sluice/runtime"
import type { Store } from "@sluice/store"
import { logRepairs } from "./log-repairs.ts"
import { measureRepairs } from "./measure/measure-repairs.ts"
import type { WorkerMetrics } from "./measure/worker-metrics.ts"

const sweepEveryMs = 1_000

export interface StartSweepingOptions {
  readonly store: Store
  readonly redis: RedisHandle
  readonly signals: JobSignals
  readonly catalog: LiveCatalog
  readonly tenants: TenantDirectory
  readonly workerId: string
  readonly metrics: WorkerMetrics
  readonly logger: Logger
  readonly tracer: Tracer
  readonly signal: AbortSignal
}

/** Has this process take its turn at the reconciler until the signal; resolves when its last look has ended. */
export function startSweeping(options: StartSweepingOptions): Promise<void> {
  const { store, redis, catalog, tenants, metrics, logger, tracer, signal, workerId, signals } = options
  const sweep = createSweep({
    store: store.jobs,
    scans: store.scans,
    blobs: store.blobs,
    cache: store.cache,
    leases: store.leases,
    workers: store.workers,
    accountUsage: createAccountUsage({ ledger: store.usage }),
    usageReports: store.usageReports,
    queue: createJobQueue({ redis }),
    inventory: createQueueInventory({ redis }),
    signals,
    catalog: catalog.current,
    tenants,
    clock: () => new Date(),
    holder: workerId,
    tracer,
    observer: measureRepairs(metrics, logRepairs(logger)),
  })
  const onError = (error: unknown) => logger.error({ err: error }, "the sweep failed; it is tried again")
  return runPeriodically(sweep, { everyMs: sweepEveryMs, signal, onError })
}
