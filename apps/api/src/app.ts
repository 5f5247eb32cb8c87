import type { BatchStore, BlobStore, Clock, DeliveryStore, JobStore, Tracer, WebhookEndpointStore } from "@sluice/core"
import type {
  CancelJob,
  Drill,
  JobTokens,
  JobWaiter,
  Operator,
  ReadInferenceHealth,
  RemoveJob,
  StreamJob,
  SubmitJob,
  WebhookEndpoints,
} from "@sluice/engine"
import express, { type Express, type RequestHandler } from "express"
import type { Logger } from "pino"
import { boardPath } from "./board/queue-board.ts"
import { type DashboardDependencies, mountDashboard } from "./dashboard/mount-dashboard.ts"
import type { ApiMetrics } from "./metrics/api-metrics.ts"
import { metricsHandler } from "./metrics/metrics-handler.ts"
import { accessLog } from "./middleware/access-log.ts"
import { type AuthenticationOptions, authentication } from "./middleware/authentication.ts"
import { jobTokenOr, tokenPreflight } from "./middleware/job-token.ts"
import { type JsonBodyOptions, jsonBody } from "./middleware/json-body/json-body.ts"
import { optionalBody } from "./middleware/json-body/optional-body.ts"
import { logContext } from "./middleware/log-context.ts"
import { measureRequests } from "./middleware/measure-requests.ts"
import { unlessNdjson } from "./middleware/ndjson/unless-ndjson.ts"
import { notFound } from "./middleware/not-found.ts"
import { type ProblemResponsesOptions, problemResponses } from "./middleware/problem-responses.ts"
import { requestId } from "./middleware/request-id.ts"
import { requireScope } from "./middleware/require-scope.ts"
import { securityHeaders } from "./middleware/security-headers.ts"
import { traceRequests } from "./middleware/trace-requests.ts"
import { mountOpenaiWire, type OpenaiWireDependencies } from "./openai-wire/mount-openai-wire.ts"
import type { EventStreamOptions } from "./responses/event-stream.ts"
import type { AlertHandlerDependencies } from "./routes/alerts/alert-handlers.ts"
import { mountAlerts } from "./routes/alerts/mount-alerts.ts"
import type { ApiKeyHandlerDependencies } from "./routes/api-keys/api-key-handlers.ts"
import { mountApiKeys } from "./routes/api-keys/mount-api-keys.ts"
import { listAuditHandler } from "./routes/audit/list-audit.ts"
import { type BatchRoutesDependencies, mountBatches } from "./routes/batches/mount-batches.ts"
import type { CacheOperations } from "./routes/cache/cache-operations.ts"
import { invalidateCacheHandler } from "./routes/cache/invalidate-cache.ts"
import { seedCacheHandler } from "./routes/cache/seed-cache.ts"
import { mountDocumentation } from "./routes/documentation/mount-documentation.ts"
import { type OperationsEventsHandlerDependencies, operationsEventsHandler } from "./routes/events/operations-events.ts"
import { inferenceHandler, liveHandler, type Readiness, readyHandler } from "./routes/health.ts"
import { cancelJobHandler } from "./routes/jobs/cancel-job.ts"
import { createJobTokenHandler } from "./routes/jobs/create-job-token.ts"
import { deleteJobHandler } from "./routes/jobs/delete-job.ts"
import { getImageHandler } from "./routes/jobs/get-image.ts"
import { getJobHandler } from "./routes/jobs/get-job.ts"
import { getOutputHandler } from "./routes/jobs/get-output.ts"
import { jobEventsHandler } from "./routes/jobs/job-events.ts"
import { listJobsHandler } from "./routes/jobs/list-jobs.ts"
import { submitJobHandler } from "./routes/jobs/submit-job.ts"
import { type DeadLetterRoutesDependencies, mountDeadLetters } from "./routes/mount-dead-letters.ts"
import { drillHandler } from "./routes/operator/drill-handler.ts"
import { forceBreakerHandler, listEndpointsHandler, listRoutesHandler, pauseRouteHandler } from "./routes/operator/operator-handlers.ts"
import { mountProcesses } from "./routes/processes/mount-processes.ts"
import type { ProcessHandlerDependencies } from "./routes/processes/process-handlers.ts"
import { mountProviderCredentials } from "./routes/provider-credentials/mount-provider-credentials.ts"
import type { ProviderCredentialHandlerDependencies } from "./routes/provider-credentials/provider-credential-handlers.ts"
import { listQueuesHandler, pauseQueueHandler, type QueueHandlerDependencies } from "./routes/queues/queue-handlers.ts"
import { mount } from "./routes/resource.ts"
import { mountTenants } from "./routes/tenants/mount-tenants.ts"
import type { TenantHandlerDependencies } from "./routes/tenants/tenant-handlers.ts"
import {
  endpointStatsHandler,
  sloHandler,
  statsHandler,
  type UsageHandlerDependencies,
  usageHandler,
} from "./routes/usage/usage-handlers.ts"
import { mountWebhooks } from "./routes/webhook-endpoints/mount-webhooks.ts"

export interface AppDependencies
  extends ProviderCredentialHandlerDependencies,
    AuthenticationOptions,
    ApiKeyHandlerDependencies,
    TenantHandlerDependencies,
    DeadLetterRoutesDependencies,
    QueueHandlerDependencies,
    UsageHandlerDependencies,
    AlertHandlerDependencies,
    OperationsEventsHandlerDependencies,
    DashboardDependencies,
    OpenaiWireDependencies,
    ProcessHandlerDependencies,
    BatchRoutesDependencies {
  readonly submitJob: SubmitJob
  readonly cancelJob: CancelJob
  readonly removeJob: RemoveJob
  readonly jobWaiter: JobWaiter
  readonly streamJob: StreamJob
  readonly eventStream?: EventStreamOptions
  readonly operator: Operator
  readonly drill: Drill
  readonly cache: CacheOperations
  readonly batches: BatchStore
  readonly jobs: JobStore
  readonly jobTokens: JobTokens
  readonly blobs: BlobStore
  readonly webhookEndpoints: WebhookEndpoints
  readonly endpointStore: WebhookEndpointStore
  readonly deliveries: DeliveryStore
  readonly clock: Clock
  readonly readiness: Readiness
  readonly inferenceHealth: ReadInferenceHealth
  readonly logger: Logger
  readonly metrics: Pick<ApiMetrics, "registry" | "http">
  /** Shown at `/admin/queues`. Null: there is none. */
  readonly queueBoard: RequestHandler | null
  /** Left out: nothing is traced. */
  readonly tracer?: Tracer
  readonly newRequestId?: () => string
  readonly body?: JsonBodyOptions
  readonly problems?: ProblemResponsesOptions
}

/** The HTTP face of Sluice: maps requests to use cases, and what they say to answers. */
export function createApp(dependencies: AppDependencies): Express {
  const app = express()
  app.disable("x-powered-by").disable("etag").enable("case sensitive routing")
  const { newRequestId } = dependencies
  app.use(
    requestId(newRequestId ? { newRequestId } : {}),
    traceRequests(dependencies),
    logContext(),
    accessLog(dependencies),
    measureRequests(dependencies.metrics.http),
    securityHeaders(),
  )
  const body = jsonBody(dependencies.body)
  const guards = { authenticate: authentication(dependencies), body, optionalBody: optionalBody(body) }
  mountJobs(app, dependencies)
  mountOperations(app, dependencies)
  mountDeadLetters(app, dependencies, { authenticate: authentication(dependencies), body: jsonBody(dependencies.body) })
  mountProviderCredentials(app, dependencies, { authenticate: authentication(dependencies), body: jsonBody(dependencies.body) })
  mountBatches(app, dependencies, { authenticate: authentication(dependencies), body: jsonBody(dependencies.body) })
  mountWebhooks(app, { ...dependencies, authenticate: authentication(dependencies), body: jsonBody(dependencies.body) })
  mountProcesses(app, dependencies, guards)
  mountApiKeys(app, dependencies, guards)
  mountTenants(app, dependencies, guards)
  mountAlerts(app, dependencies, guards)
  mountDashboard(app, dependencies, guards)
  mount(app, { path: "/health/live", get: [liveHandler()] })
  mount(app, { path: "/health/ready", get: [readyHandler(dependencies.readiness)] })
  mount(app, { path: "/health/inference", get: [inferenceHandler(dependencies.inferenceHealth)] })
  mount(app, { path: "/metrics", get: [authentication(dependencies), requireScope("operate:read"), metricsHandler(dependencies.metrics)] })
  mountDocumentation(app)
  mountOpenaiWire(app, dependencies, {
    authenticate: authentication(dependencies),
    authenticateJob: authentication(dependencies, { jobs: 1 }),
    body,
  })
  if (dependencies.queueBoard) app.use(boardPath, dependencies.queueBoard)
  app.use(notFound())
  app.use(problemResponses(dependencies.problems))
  return app
}

function mountJobs(app: Express, dependencies: AppDependencies): void {
  const authenticate = authentication(dependencies)
  const readJob = jobTokenOr(authenticate, dependencies)
  const body = jsonBody(dependencies.body)
  mount(app, {
    path: "/v1/jobs",
    get: [authenticate, requireScope("jobs:read"), listJobsHandler(dependencies)],
    post: [authentication(dependencies, { jobs: 1 }), requireScope("jobs:write"), body, submitJobHandler(dependencies)],
  })
  mount(app, {
    path: "/v1/jobs/:id",
    otherwise: [tokenPreflight()],
    get: [readJob, requireScope("jobs:read"), getJobHandler(dependencies)],
    delete: [authenticate, requireScope("jobs:write"), deleteJobHandler(dependencies)],
  })
  mount(app, {
    path: "/v1/jobs/:id/events",
    otherwise: [tokenPreflight()],
    get: [readJob, requireScope("jobs:read"), jobEventsHandler(dependencies)],
  })
  mount(app, { path: "/v1/jobs/:id/cancel", post: [authenticate, requireScope("jobs:write"), cancelJobHandler(dependencies)] })
  mount(app, { path: "/v1/jobs/:id/token", post: [authenticate, requireScope("jobs:read"), createJobTokenHandler(dependencies)] })
  mount(app, {
    path: "/v1/jobs/:id/output",
    otherwise: [tokenPreflight()],
    get: [readJob, requireScope("jobs:read"), getOutputHandler(dependencies)],
  })
  mount(app, {
    path: "/v1/jobs/:id/images/:name",
    otherwise: [tokenPreflight()],
    get: [readJob, requireScope("jobs:read"), getImageHandler(dependencies)],
  })
}

function mountOperations(app: Express, dependencies: AppDependencies): void {
  const authenticate = authentication(dependencies)
  const body = jsonBody(dependencies.body)
  mount(app, { path: "/v1/routes", get: [authenticate, requireScope("operate:read"), listRoutesHandler(dependencies)] })
  mount(app, {
    path: "/v1/routes/:name/pause",
    post: [authenticate, requireScope("operate:write"), pauseRouteHandler({ ...dependencies, paused: true })],
  })
  mount(app, {
    path: "/v1/routes/:name/resume",
    post: [authenticate, requireScope("operate:write"), pauseRouteHandler({ ...dependencies, paused: false })],
  })
  mount(app, { path: "/v1/routes/:name/drill", post: [authenticate, requireScope("operate:write"), body, drillHandler(dependencies)] })
  mount(app, { path: "/v1/endpoints", get: [authenticate, requireScope("operate:read"), listEndpointsHandler(dependencies)] })
  mount(app, {
    path: "/v1/endpoints/:name/breaker",
    post: [authenticate, requireScope("operate:write"), body, forceBreakerHandler(dependencies)],
  })
  mount(app, {
    path: "/v1/cache/seed",
    post: [authenticate, requireScope("jobs:write"), unlessNdjson(body), seedCacheHandler(dependencies)],
  })
  mount(app, { path: "/v1/cache/invalidate", post: [authenticate, requireScope("jobs:write"), body, invalidateCacheHandler(dependencies)] })
  mount(app, { path: "/v1/queues", get: [authenticate, requireScope("operate:read"), listQueuesHandler(dependencies)] })
  mount(app, {
    path: "/v1/queues/:name/pause",
    post: [authenticate, requireScope("operate:write"), pauseQueueHandler({ ...dependencies, paused: true })],
  })
  mount(app, {
    path: "/v1/queues/:name/resume",
    post: [authenticate, requireScope("operate:write"), pauseQueueHandler({ ...dependencies, paused: false })],
  })
  mount(app, { path: "/v1/events", get: [authenticate, requireScope("operate:read"), operationsEventsHandler(dependencies)] })
  mount(app, { path: "/v1/usage", get: [authenticate, requireScope("usage:read"), usageHandler(dependencies)] })
  mount(app, { path: "/v1/stats", get: [authenticate, requireScope("usage:read"), statsHandler(dependencies)] })
  mount(app, { path: "/v1/stats/endpoints", get: [authenticate, requireScope("operate:read"), endpointStatsHandler(dependencies)] })
  mount(app, { path: "/v1/slo", get: [authenticate, requireScope("usage:read"), sloHandler(dependencies)] })
  mount(app, { path: "/v1/audit", get: [authenticate, requireScope("audit:read"), listAuditHandler(dependencies)] })
}
