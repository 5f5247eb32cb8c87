import {
  type AuditLog,
  type BatchStore,
  type BlobStore,
  type DeliveryStore,
  type JobStore,
  type ProcessControl,
  QueueUnavailableError,
  type ReplayStore,
  type RouteConfig,
  StorageUnavailableError,
  type WebhookEndpointStore,
} from "@sluice/core"
import {
  createMemoryAlertStore,
  createMemoryAuditLog,
  createMemoryBatchJobs,
  createMemoryBatchStore,
  createMemoryBlobStore,
  createMemoryCanaryStore,
  createMemoryDeadLetterStore,
  createMemoryDeliveryStore,
  createMemoryFileStore,
  createMemoryJobQueue,
  createMemoryJobSignals,
  createMemoryJobStore,
  createMemoryLiveChannels,
  createMemoryProcessControl,
  createMemoryProviderCredentialStore,
  createMemoryReplayStore,
  createMemoryResultCache,
  createMemoryUsage,
  createMemoryWebhookEndpointStore,
  type MemoryJobQueue,
  type MemoryLiveChannels,
} from "@sluice/core/testing"
import {
  type AccountUsage,
  createAccountUsage,
  createAlertBoard,
  createCancelJob,
  createCreateReplay,
  createDiscardDeadLetters,
  createDrill,
  createFanOut,
  createGroupDeadLetters,
  createInferenceHealth,
  createJobTokens,
  createJobWaiter,
  createJobWatch,
  createLiveRooms,
  createOperationsFeed,
  createProcesses,
  createProviderCredentials,
  createRemoveJob,
  createReportEndpointStats,
  createReportSlo,
  createReportStats,
  createReportUsage,
  createStreamJob,
  createSubmitJob,
  createWebhookEndpoints,
  type Operator,
} from "@sluice/engine"
import type { Express } from "express"
import { pino } from "pino"
import { onTestFinished } from "vitest"
import { type AppDependencies, createApp } from "../../src/app.ts"
import { createApiMetrics } from "../../src/metrics/api-metrics.ts"
import { type ApiServer, type StartServerOptions, startServer } from "../../src/server.ts"
import { buildBatches } from "../../src/wiring/build-batches.ts"
import { buildFiles } from "../../src/wiring/build-files.ts"
import { type Answer, type Call, call } from "./call.ts"
import { type MemoryAccess, memoryAccess } from "./memory-access.ts"
import { memoryCacheOperations } from "./memory-cache.ts"

export const adminKey = "sk_test_0123456789"

export const routes: Record<string, RouteConfig> = {
  chat: { kind: "chat", tiers: [{ name: "primary", endpoints: ["a"] }] },
  embed: { kind: "embedding", tiers: [{ name: "primary", endpoints: ["a"] }] },
  draw: { kind: "image", tiers: [{ name: "primary", endpoints: ["a"] }] },
  any: { kind: "custom", tiers: [{ name: "primary", endpoints: ["a"] }] },
}

/** One that takes tenants' own keys, and one that does not. */
const ownKeyEndpoints = new Map(
  (["tenant", "platform"] as const).map((credential) => [
    `${credential}-eu`,
    {
      name: `${credential}-eu`,
      provider: credential === "tenant" ? "openai" : "anthropic",
      baseUrl: "http://a.example",
      model: "m",
      credential,
    } as const,
  ]),
)

/** A submission that is accepted as it stands. */
export const chatJob = { route: "chat", input: { messages: [{ role: "user", content: "Say ok" }] } }

export interface MemoryApi {
  readonly url: string
  readonly server: ApiServer
  readonly express: Express
  readonly jobs: JobStore
  readonly replays: ReplayStore
  readonly processControl: ProcessControl
  readonly audit: AuditLog
  /** Brings what jobs have used into the books, as a sweep does. */
  readonly accountUsage: AccountUsage
  readonly access: MemoryAccess
  readonly blobs: BlobStore
  readonly deliveries: DeliveryStore
  readonly endpointStore: WebhookEndpointStore
  readonly queue: MemoryJobQueue
  readonly batches: BatchStore
  /** Ends of workers go here. */
  readonly channels: MemoryLiveChannels
  /** The lines of the log, parsed. */
  readonly logs: Record<string, unknown>[]
  /** What is out of order at the moment. */
  readonly outage: { storage: boolean; queue: boolean }
  /** Ends the waits for a job, as a worker's signal does. */
  announceFinished(id: string): void
  /** Answers all waits, as the beginning of a shutdown does. */
  endWaits(): void
  /** A request with the key. */
  call(request: Call): Promise<Answer>
  submit(body: unknown, options?: { headers?: Record<string, string>; query?: string }): Promise<Answer>
}

export interface MemoryApiOptions extends Partial<Pick<StartServerOptions, "limits">> {
  readonly app?: Partial<AppDependencies>
}

/** The API on a free port of this machine, over stores in memory. It is stopped when the test has finished. */
export async function startMemoryApi({ limits = {}, app = {} }: MemoryApiOptions = {}): Promise<MemoryApi> {
  const outage = { storage: false, queue: false }
  const memoryJobs = createMemoryJobStore()
  const jobs = failingWhile(() => outage.storage, memoryJobs)
  const deadLetters = createMemoryDeadLetterStore(memoryJobs)
  const replays = createMemoryReplayStore()
  const audit = createMemoryAuditLog()
  const clock = () => new Date()
  const queue = createMemoryJobQueue()
  const signals = createMemoryJobSignals()
  const blobs = createMemoryBlobStore()
  const logs: Record<string, unknown>[] = []
  const { ledger, reports } = createMemoryUsage(memoryJobs)
  const accountUsage = createAccountUsage({ ledger })
  const watch = createJobWatch({ store: jobs, signals })
  const channels = createMemoryLiveChannels()
  const rooms = createLiveRooms({ store: jobs, blobs, watch, channel: channels.open("api") })
  const enqueue: MemoryJobQueue["enqueue"] = (entries) =>
    outage.queue ? Promise.reject(new QueueUnavailableError({ message: "away" })) : queue.enqueue(entries)
  const catalog = () => ({ version: 1, routes, endpoints: new Map() })
  const deliveries = createMemoryDeliveryStore()
  const endpointStore = createMemoryWebhookEndpointStore()
  const fanOut = createFanOut({
    ...{ store: jobs, deliveries, endpoints: endpointStore, clock },
    ...{ firstWaitMs: () => 0, deadLetterRetentionMs: () => 90 * 86_400_000, onDeliveries: () => undefined },
  })
  const checkWebhookUrl = (url: string) => (url.startsWith("https:") ? null : "Webhooks go over https.")
  const access = memoryAccess({
    queuedJobs: {
      count: async ({ tenantId, limit }) =>
        (await memoryJobs.list({ filter: { tenantId, statuses: ["queued"] }, before: null, limit })).length,
    },
  })
  const { tenants } = access
  const submission = {
    store: jobs,
    queue: { ...queue, enqueue },
    catalog,
    tenants,
    clock,
    checkBudget: () => Promise.resolve(null),
    checkWebhookUrl,
    onEnqueueFailed: () => {},
  }
  const submitJob = createSubmitJob(submission)
  const cancelJob = createCancelJob({ store: jobs, queue, signals, clock })
  const batches = createMemoryBatchStore()
  const batchJobs = createMemoryBatchJobs(memoryJobs)
  const metrics = createApiMetrics()
  const operationsFeed = createOperationsFeed({
    operator: operatorWithoutRedis,
    queues: { states: withoutRedis },
    routeNames: () => Object.keys(routes),
    signals,
    clock,
  })
  const processControl = createMemoryProcessControl({ clock })
  const express = createApp({
    catalog,
    submitJob,
    cancelJob,
    ...buildBatches({ batches, batchJobs, cancelJob, submission, limits: access.limits, jobMetrics: metrics.jobs }),
    removeJob: createRemoveJob({ store: jobs, blobs, cache: createMemoryResultCache(), fanOut, accountUsage }),
    reportUsage: createReportUsage({ reports, clock }),
    reportStats: createReportStats({ reports, clock }),
    alertBoard: createAlertBoard({
      ...{ alerts: createMemoryAlertStore(), clock, publicUrl: () => null },
      channels: () => ({ log: { type: "stdout" } }),
      sender: { send: () => Promise.resolve({ ok: true }) },
    }),
    reportEndpointStats: createReportEndpointStats({ reports, clock }),
    inferenceHealth: createInferenceHealth({ canaries: createMemoryCanaryStore(), routes: () => routes, clock }),
    reportSlo: createReportSlo({ reports, catalog: () => ({ routes, objectives: {} }), clock }),
    jobWaiter: createJobWaiter({ store: jobs, watch }),
    streamJob: createStreamJob({ rooms }),
    operator: operatorWithoutRedis,
    processes: createProcesses({ control: processControl, clock, pollMs: 5 }),
    drill: createDrill({ submitJob, catalog }),
    cache: memoryCacheOperations({ routes: () => routes }),
    providerCredentials: createProviderCredentials({
      store: createMemoryProviderCredentialStore(),
      catalog: () => ({ endpoints: ownKeyEndpoints }),
      clock,
      newRevision: crypto.randomUUID.bind(crypto),
    }),
    ...buildFiles({ files: createMemoryFileStore(), blobs, clock }),
    deadLetters,
    replays,
    audit,
    discardDeadLetters: createDiscardDeadLetters({ deadLetters, clock }),
    groupDeadLetters: createGroupDeadLetters({ deadLetters }),
    createReplay: createCreateReplay({ deadLetters, replays, catalog, clock }),
    deadLetterRetentionMs: () => 90 * 86_400_000,
    operationsFeed,
    queues: { states: withoutRedis, setPaused: withoutRedis },
    routeNames: () => Object.keys(routes),
    queueBoard: null,
    jobs,
    jobTokens: createJobTokens({ secret: adminKey, clock }),
    dashboardFolder: "/nowhere",
    blobs,
    deliveries,
    endpointStore,
    webhookEndpoints: createWebhookEndpoints({
      endpoints: endpointStore,
      deliveries,
      checkUrl: checkWebhookUrl,
      clock,
      rest: () => Promise.resolve(),
    }),
    clock,
    readiness: { check: () => Promise.resolve({ ok: !outage.storage, checks: { mongodb: { ok: !outage.storage, latencyMs: 1 } } }) },
    logger: pino({}, { write: (line: string) => void logs.push(JSON.parse(line)) }),
    metrics,
    adminKey,
    ...access,
    ...app,
  })
  const server = await startServer({ listener: express, host: "127.0.0.1", port: 0, limits })
  onTestFinished(() => {
    rooms.close()
    watch.close()
    operationsFeed.close()
    return server.close({ graceMs: 0 })
  })
  const authorization = `Bearer ${adminKey}`
  const callWithKey = (request: Call) => call(server.url, { ...request, headers: { authorization, ...request.headers } })
  return {
    url: server.url,
    server,
    express,
    jobs,
    replays,
    processControl,
    audit,
    accountUsage,
    access,
    blobs,
    deliveries,
    endpointStore,
    queue,
    batches,
    channels,
    logs,
    outage,
    announceFinished: (id) => signals.announceFinished({ id }),
    endWaits: () => {
      watch.close()
      operationsFeed.close()
    },
    call: callWithKey,
    submit: (body, { headers, query = "" } = {}) =>
      callWithKey({
        method: "POST",
        path: `/v1/jobs${query}`,
        headers: { "content-type": "application/json", ...headers },
        body: typeof body === "string" ? body : JSON.stringify(body),
      }),
  }
}

const withoutRedis = () => Promise.reject(new QueueUnavailableError({ message: "There is no Redis in this test." }))
const operatorWithoutRedis: Operator = {
  routes: withoutRedis,
  endpoints: withoutRedis,
  forceBreaker: withoutRedis,
  pauseRoute: withoutRedis,
}

function failingWhile(isDown: () => boolean, jobs: JobStore): JobStore {
  const away = () => Promise.reject(new StorageUnavailableError({ message: "connect ECONNREFUSED 10.1.2.3:27017", retryAfterMs: 1_500 }))
  return {
    ...jobs,
    insert: (job) => (isDown() ? away() : jobs.insert(job)),
    find: (request) => (isDown() ? away() : jobs.find(request)),
    cancel: (request) => (isDown() ? away() : jobs.cancel(request)),
    list: (request) => (isDown() ? away() : jobs.list(request)),
  }
}
