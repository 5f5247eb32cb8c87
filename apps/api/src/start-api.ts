import type { RequestListener } from "node:http"
import { setTimeout } from "node:timers/promises"
import {
  createCancelJob,
  createCheckBudget,
  createDrill,
  createJobWaiter,
  createSpentOn,
  createOperator,
  createSubmitJob,
  createWebhookEndpoints,
  faultsOfConfiguration,
} from "@sluice/engine"
import { createProviders } from "@sluice/providers"
import { connectRedis, createAdmission, createJobQueue, createJobSignals } from "@sluice/redis"
import { createCredentials, type Environment, type Logger, openCatalog, type Releasers } from "@sluice/runtime"
import { connectStore } from "@sluice/store"
import { faultsOfWebhooks } from "@sluice/webhooks"
import { createApp } from "./app.ts"
import { type ApiServer, startServer } from "./server.ts"
import { adminKeyOf } from "./wiring/admin-key.ts"
import { createApiReadiness } from "./wiring/api-readiness.ts"
import { buildAccess } from "./wiring/build-access.ts"
import { buildCacheOperations } from "./wiring/build-cache-operations.ts"
import { buildDeadLetters } from "./wiring/build-dead-letters.ts"
import { buildRemoval } from "./wiring/build-removal.ts"
import { buildQueues } from "./wiring/build-queues.ts"
import { type DeferredStore, openDeferredStore } from "./wiring/deferred-store.ts"
import { createUnqueuedWarning } from "./wiring/warn-of-unqueued.ts"
import { createWebhookUrlCheck } from "./wiring/webhook-url-check.ts"

export interface StartApiOptions {
  readonly environment: Environment
  /** Where `env:NAME` credentials are looked up. */
  readonly variables: Readonly<Record<string, string | undefined>>
  readonly logger: Logger
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
  const { environment, variables, logger, releasers, signal, tell } = options
  const adminKey = adminKeyOf(environment)
  const catalog = await openCatalog({
    path: environment.configPath,
    check: (configuration) => [...faultsOfConfiguration(configuration), ...faultsOfWebhooks(configuration)],
    logger,
    signal,
  })
  const store = openStore(options)
  releasers.push({ name: "store", release: () => store.close() })
  const redis = connectRedis({
    url: environment.redisUrl,
    namespace: environment.namespace,
    onError: (error) => logger.warn({ err: error }, "redis"),
  })
  releasers.push({ name: "redis", release: () => redis.close() })

  const providers = createProviders()
  releasers.push({ name: "providers", release: () => providers.close() })

  const clock = () => new Date()
  const queue = createJobQueue({ redis })
  const signals = createJobSignals({ redis })
  const jobWaiter = createJobWaiter({ store: store.jobs, signals })
  const checkWebhookUrl = createWebhookUrlCheck({ catalog, allowAll: environment.allowPrivateWebhooks })
  const { deliveries, webhookEndpoints: endpointStore } = store
  const access = buildAccess({ store, configured: () => catalog.current().tenants, logger, releasers, signal })
  const authentication = { adminKey: adminKey.key, ...access }
  const submitJob = createSubmitJob({
    store: store.jobs,
    queue,
    catalog: catalog.current,
    tenants: access.tenants,
    clock,
    checkBudget: createCheckBudget({
      spentOn: createSpentOn({ reports: store.usageReports }),
      tenants: access.tenants,
      catalog: catalog.current,
      clock,
    }),
    checkWebhookUrl,
    onEnqueueFailed: createUnqueuedWarning({ logger }),
  })
  const app = createApp({
    ...authentication,
    submitJob,
    cancelJob: createCancelJob({ store: store.jobs, queue, signals, clock }),
    removeJob: buildRemoval(store),
    jobWaiter,
    operator: createOperator({ admission: createAdmission({ redis }), catalog: catalog.current }),
    drill: createDrill({ submitJob, catalog: catalog.current }),
    cache: buildCacheOperations({ cache: store.cache, catalog, providers, credentials: createCredentials({ environment: variables }) }),
    ...buildDeadLetters({ store, catalog }),
    ...buildQueues({ redis, catalog, authentication }),
    jobs: store.jobs,
    blobs: store.blobs,
    webhookEndpoints: createWebhookEndpoints({ endpoints: endpointStore, deliveries, checkUrl: checkWebhookUrl, clock }),
    endpointStore,
    deliveries,
    clock,
    readiness: createApiReadiness({ required: { mongodb: store.ping }, helpful: { redis: redis.ping }, signal, logger }),
    logger,
  })
  const server = await listen(app, { ...options, beforeClosing: jobWaiter.close })
  await Promise.race([store.firstAttempt, setTimeout(patienceMs, undefined, { ref: false })])
  if (signal.aborted) return
  if (adminKey.isNew) tell(`SLUICE_DEV=1: until this process ends, ${server.url} accepts the key ${adminKey.key}`)
  logger.info({ url: server.url, routes: Object.keys(catalog.current().routes) }, "ready")
}

interface ListenOptions extends Pick<StartApiOptions, "environment" | "releasers"> {
  /** Ends what would keep answers waiting. */
  readonly beforeClosing: () => void
}

async function listen(listener: RequestListener, { environment, releasers, beforeClosing }: ListenOptions): Promise<ApiServer> {
  const server = await startServer({ listener, host: environment.host, port: environment.port })
  releasers.push({
    name: "server",
    timeoutMs: environment.shutdownGraceMs,
    release: () => {
      beforeClosing()
      return server.close({ graceMs: Math.max(0, environment.shutdownGraceMs - closingMs) })
    },
  })
  return server
}

function openStore({ environment, logger, onFatal }: StartApiOptions): DeferredStore {
  const { mongodbUrl, mongodbMaxPoolSize, mongodbMinPoolSize } = environment
  return openDeferredStore({
    connect: () =>
      connectStore({
        url: mongodbUrl,
        ...(mongodbMaxPoolSize !== null && { maxPoolSize: mongodbMaxPoolSize }),
        ...(mongodbMinPoolSize !== null && { minPoolSize: mongodbMinPoolSize }),
      }),
    onUnavailable: (error) => logger.warn({ err: error }, "MongoDB does not answer; jobs are refused until it does"),
    onFatal,
  })
}
