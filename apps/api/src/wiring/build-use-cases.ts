import {
  createCancelJob,
  createCheckBudget,
  createDrill,
  createInferenceHealth,
  createOperator,
  createProcesses,
  createReportEndpointStats,
  createReportSlo,
  createReportStats,
  createReportUsage,
  createSpentOn,
  createSubmitJob,
  createWebhookEndpoints,
  traceSubmits,
} from "@sluice/engine"
import { createAdmission, createJobQueue, createJobSignals, createProcessControl } from "@sluice/redis"
import type { AppDependencies } from "../app.ts"
import { measureSubmits } from "../metrics/measure-submits.ts"
import type { StartApiOptions } from "../start-api.ts"
import { createApiReadiness } from "./api-readiness.ts"
import { buildAccess } from "./build-access.ts"
import { buildAlerts } from "./build-alerts.ts"
import { buildBatches } from "./build-batches.ts"
import { buildCacheOperations } from "./build-cache-operations.ts"
import { buildDeadLetters } from "./build-dead-letters.ts"
import { buildFiles } from "./build-files.ts"
import { buildLive, type Live } from "./build-live.ts"
import { buildProviderCredentials } from "./build-provider-credentials.ts"
import { buildQueues } from "./build-queues.ts"
import { buildRemoveJob } from "./build-remove-job.ts"
import type { Connections } from "./open-connections.ts"
import { createUnqueuedWarning } from "./warn-of-unqueued.ts"
import { createWebhookUrlCheck } from "./webhook-url-check.ts"

export interface BuildUseCasesOptions extends Pick<StartApiOptions, "environment" | "logger" | "releasers" | "signal" | "tracer"> {
  readonly connections: Connections
  readonly adminKey: string
}

/** Puts together what the app is made of. */
export function buildUseCases(options: BuildUseCasesOptions): AppDependencies & Live {
  const { connections, environment, logger, releasers, signal, adminKey, tracer } = options
  const { catalog, credentials, metrics, store, redis, providers } = connections
  const access = buildAccess({ adminKey, store, redis, configured: () => catalog.current().tenants, logger, releasers, signal })
  const authentication = { adminKey, ...access }
  const clock = () => new Date()
  const queue = createJobQueue({ redis })
  const signals = createJobSignals({ redis })
  const checkWebhookUrl = createWebhookUrlCheck({ catalog, allowAll: environment.allowPrivateWebhooks })
  const { jobs, blobs, cache, deliveries, webhookEndpoints: endpointStore } = store
  const onEnqueueFailed = createUnqueuedWarning({ logger })
  const { tenants } = access
  const spentOn = createSpentOn({ reports: store.usageReports })
  const checkBudget = createCheckBudget({ spentOn, tenants, catalog: catalog.current, clock })
  const submitting = { store: jobs, queue, catalog: catalog.current, tenants, clock, checkWebhookUrl, checkBudget, onEnqueueFailed }
  const submitJob = traceSubmits(tracer, measureSubmits(metrics.jobs, createSubmitJob(submitting)))
  const batchStores = { batches: store.batches, batchJobs: store.batchJobs }
  const cancelJob = createCancelJob({ store: jobs, queue, signals, clock, tracer })
  const operator = createOperator({ admission: createAdmission({ redis }), catalog: catalog.current })
  const queueParts = buildQueues({ redis, catalog, authentication })
  return {
    ...authentication,
    catalog: catalog.current,
    submitJob,
    cancelJob,
    removeJob: buildRemoveJob({ store, catalog, clock }),
    ...buildLive({ jobs, blobs, redis, signals, releasers, clock, operator, ...queueParts }),
    operator,
    processes: createProcesses({ control: createProcessControl({ redis }), clock }),
    drill: createDrill({ submitJob, catalog: catalog.current }),
    cache: buildCacheOperations({ cache, catalog, providers, credentials }),
    ...buildProviderCredentials({ store, catalog }),
    reportUsage: createReportUsage({ reports: store.usageReports, clock }),
    reportStats: createReportStats({ reports: store.usageReports, clock }),
    alertBoard: buildAlerts({ store, catalog, credentials, logger, releasers }),
    reportEndpointStats: createReportEndpointStats({ reports: store.usageReports, clock }),
    inferenceHealth: createInferenceHealth({ canaries: store.canaries, routes: () => catalog.current().routes, clock }),
    reportSlo: createReportSlo({ reports: store.usageReports, catalog: catalog.current, clock }),
    ...buildBatches({ ...batchStores, tracer, cancelJob, submission: submitting, limits: access.limits, jobMetrics: metrics.jobs }),
    ...buildDeadLetters({ store, catalog }),
    ...buildFiles({ files: store.files, blobs, clock }),
    ...queueParts,
    jobs,
    blobs,
    webhookEndpoints: createWebhookEndpoints({ endpoints: endpointStore, deliveries, checkUrl: checkWebhookUrl, clock }),
    endpointStore,
    deliveries,
    clock,
    dashboardFolder: environment.dashboardFolder,
    readiness: createApiReadiness({ required: { mongodb: store.ping }, helpful: { redis: redis.ping }, signal, logger }),
    logger,
    tracer,
    metrics,
  }
}
