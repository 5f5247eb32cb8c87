import type { Configuration, Tracer } from "@sluice/core"
import { faultsOfConfiguration } from "@sluice/engine"
import { createProviders, listPriceOf } from "@sluice/providers"
import { connectRedis, createAdmission, createJobQueue, createJobSignals, createRouteValve } from "@sluice/redis"
import {
  createCredentials,
  createEndpointPricing,
  createWorkerId,
  type Environment,
  type Logger,
  openCatalog,
  type Releasers,
  readEncryptionKeys,
  type StoreMetrics,
} from "@sluice/runtime"
import { connectStore, type EncryptionKey, type Store } from "@sluice/store"
import { faultsOfWebhooks } from "@sluice/webhooks"
import { attendAlerts } from "./alerts/attend-alerts.ts"
import { attendDeadLetters } from "./attend-dead-letters.ts"
import { attendProcess } from "./attend-process.ts"
import { buildBudgets } from "./build-budgets.ts"
import { buildExecution } from "./build-execution.ts"
import { followTenants } from "./follow-tenants.ts"
import { hearAdmission } from "./hear-admission.ts"
import { inLogContext } from "./in-log-context.ts"
import { logBudgets } from "./log-budgets.ts"
import { measureAdmission } from "./measure/measure-admission.ts"
import { measureExecutions } from "./measure/measure-executions.ts"
import { serveMetrics } from "./measure/serve-metrics.ts"
import { createWorkerMetrics } from "./measure/worker-metrics.ts"
import { observeExecutions } from "./observe-executions.ts"
import { reportLive } from "./report-live.ts"
import { createRouteWorkers } from "./route-workers.ts"
import { startCanaries } from "./start-canaries.ts"
import { startHeartbeat } from "./start-heartbeat.ts"
import { startProbing } from "./start-probing.ts"
import { startSweeping } from "./start-sweeping.ts"
import { tendBatches } from "./tend-batches.ts"
import { watchExecutions } from "./watch-executions.ts"
import { startWebhookDelivery } from "./webhook-delivery.ts"

export interface StartWorkerOptions {
  readonly environment: Environment
  /** Where `env:NAME` credentials are looked up. */
  readonly variables: Readonly<Record<string, string | undefined>>
  readonly logger: Logger
  readonly tracer: Tracer
  /** Gets whatever is opened here. */
  readonly releasers: Releasers
  /** Aborted when the process shuts down. */
  readonly signal: AbortSignal
}

/** What a shutdown needs beside the draining: flushing and closing connections. */
const closingMs = 5_000

/** Starts a worker: it executes the jobs of every route, and takes its turn at the sweep. */
export async function startWorker(options: StartWorkerOptions): Promise<void> {
  const { environment, variables, logger, tracer, releasers, signal } = options
  const catalog = await openPricedCatalog({ environment, logger, signal })
  const workerId = createWorkerId()

  const credentials = createCredentials({ environment: variables })
  const encryptionKeys = await readEncryptionKeys({ keys: environment.encryptionKeys, credentials })
  const metrics = createWorkerMetrics()
  const store = await openStore({ ...environment, encryptionKeys }, metrics.store)
  releasers.push({ name: "store", release: () => store.close() })
  const { redisUrl: url, namespace } = environment
  const redis = connectRedis({ url, namespace, onError: (error) => logger.warn({ err: error }, "redis") })
  releasers.push({ name: "redis", release: () => redis.close() })
  const providers = createProviders()
  releasers.push({ name: "providers", release: () => providers.close() })

  const drainGraceMs = Math.max(0, environment.shutdownGraceMs - closingMs)
  const allowAll = environment.allowPrivateWebhooks
  const common = { store, workerId, logger, tracer, releasers, signal }
  const { announcer, fanOut } = startWebhookDelivery({ ...common, catalog, allowAll, metrics, graceMs: drainGraceMs })
  const observer = measureExecutions(
    metrics,
    observeExecutions({ logger, logsContent: environment.logsContent, valve: createRouteValve({ redis }), announcer }),
  )
  const signals = createJobSignals({ redis })
  const onEvent = hearAdmission({ logger, measure: measureAdmission(metrics), raise: fanOut.raise })
  const admission = createAdmission({ redis, onEvent })
  const watched = watchExecutions({ store: store.jobs, scans: store.scans, workerId, signals, logger })
  releasers.push({ name: "watch over executions", release: watched.stop })
  releasers.push({ name: "heartbeat", release: await startHeartbeat({ workers: store.workers, workerId, logger }) })
  const tenants = await followTenants({ store, catalog, logger, releasers, signal })
  const useCases = buildExecution({
    budgets: buildBudgets({ store, redis, tenants, observer: logBudgets(logger) }),
    store,
    signals,
    running: watched.running,
    live: reportLive({ redis, releasers }),
    admission,
    catalog,
    providers,
    credentials,
    observer,
    workerId,
    logger,
    tracer,
    signal,
  })

  const { workerConcurrency: concurrency } = environment
  const routeWorkers = createRouteWorkers({ redis, concurrency, process: inLogContext(useCases.execute), drainGraceMs })
  releasers.push({ name: "route workers", release: () => routeWorkers.close(), timeoutMs: environment.shutdownGraceMs })
  const routes = () => Object.keys(catalog.current().routes)
  routeWorkers.follow(routes())
  catalog.onChange(() => routeWorkers.follow(routes()))

  const queue = createJobQueue({ redis })
  const sweeping = startSweeping({ store, redis, signals, catalog, tenants, workerId, metrics, logger, tracer, signal })
  releasers.push({ name: "sweep", release: () => sweeping })

  startCanaries({ check: useCases.checkCanaries, logger, releasers, signal })
  startProbing({ probe: useCases.probe, leases: store.leases, workerId, logger, releasers, signal })
  await serveMetrics({ metrics, environment, checks: { mongodb: store.ping, redis: redis.ping }, releasers, logger })
  tendBatches({ ...common, queue, signals, raise: fanOut.raise })
  attendDeadLetters({ ...common, queue, catalog, tenants, fanOut })
  attendProcess({ ...options, redis, workerId })
  attendAlerts({ ...common, redis, admission, catalog, tenants, credentials })
  logger.info({ workerId, pid: process.pid, routes: routes(), concurrency }, "ready")
}

function openPricedCatalog({ environment, logger, signal }: Pick<StartWorkerOptions, "environment" | "logger" | "signal">) {
  const priceEndpoints = createEndpointPricing({ listPriceOf, logger })
  return openCatalog({ path: environment.configPath, check: faultsOf, priceEndpoints, logger, signal })
}

const faultsOf = (configuration: Configuration) => [...faultsOfConfiguration(configuration), ...faultsOfWebhooks(configuration)]

type OpenStoreOptions = Pick<Environment, "mongodbUrl" | "mongodbMaxPoolSize" | "mongodbMinPoolSize"> & {
  readonly encryptionKeys: readonly EncryptionKey[]
}

async function openStore(options: OpenStoreOptions, metrics: StoreMetrics): Promise<Store> {
  const { mongodbUrl, mongodbMaxPoolSize, mongodbMinPoolSize, encryptionKeys } = options
  const store = await connectStore({
    url: mongodbUrl,
    encryptionKeys,
    report: metrics.flushed,
    ...(mongodbMaxPoolSize !== null && { maxPoolSize: mongodbMaxPoolSize }),
    ...(mongodbMinPoolSize !== null && { minPoolSize: mongodbMinPoolSize }),
  })
  metrics.followPool(store.poolUse)
  return store
}
