import { randomUUID } from "node:crypto"
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import {
  configuration,
  type Job,
  type ProcessEntry,
  type ProviderAnswer,
  type ProviderCall,
  type QueuedJob,
  type TenantSettings,
} from "@sluice/core"
import { createMemoryTenantDirectory, sampleJob } from "@sluice/core/testing"
import { startRedis, withDatabase } from "@sluice/devstack"
import { createAccountUsage, createLiveReport, createSweep, type RepairKind, type SweepDependencies } from "@sluice/engine"
import {
  connectRedis,
  createAdmission,
  createJobQueue,
  createJobSignals,
  createLiveChannel,
  createQueueInventory,
  createRouteWorker,
} from "@sluice/redis"
import { createLogger, resolveCatalog } from "@sluice/runtime"
import { connectStore, type Store } from "@sluice/store"
import { dropDatabase } from "@sluice/store/testing"
import { inject, onTestFinished, vi } from "vitest"
import { buildBudgets } from "../../src/build-budgets.ts"
import { buildExecution } from "../../src/build-execution.ts"
import { logBudgets } from "../../src/log-budgets.ts"
import { logExecutions } from "../../src/log-executions.ts"
import { startHeartbeat } from "../../src/start-heartbeat.ts"
import { watchExecutions } from "../../src/watch-executions.ts"

declare module "vitest" {
  export interface ProvidedContext {
    mongodbUrl: string
    redisUrl: string
  }
}

/** What a provider does with a call: answers, throws, or takes its time. */
export type Script = (call: ProviderCall) => Promise<ProviderAnswer>

export interface WorkerOptions {
  readonly workerId: string
  readonly script: Script
  /** Default true. A worker that is frozen or dead gives no sign of life and does not look after its executions. */
  readonly isAlive?: boolean
}

export interface WorkbenchOptions {
  /** Settings of the endpoint `a`. */
  readonly endpoint?: object
  /** Other endpoints, by name. */
  readonly endpoints?: Readonly<Record<string, object>>
  /** Settings of the route `chat`. */
  readonly route?: object
}

const configurationOf = ({ endpoint, endpoints, route }: WorkbenchOptions) =>
  configuration.parse({
    endpoints: { a: { provider: "openai", baseUrl: "http://127.0.0.1:1/v1", model: "m", ...endpoint }, ...endpoints },
    routes: { chat: { tiers: [{ name: "primary", endpoints: ["a"] }], retry: { overloaded: { delayMs: 100, factor: 1 } }, ...route } },
  })

export function answer(text: string): ProviderAnswer {
  return {
    generated: { kind: "chat", output: { text, json: null, toolCalls: [], finishReason: "stop" } },
    model: "m-1",
    usage: null,
    providerRequestId: null,
    httpStatus: 200,
    rateLimits: null,
  }
}

/** Never answers; rejects when it is aborted, as providers do. */
export function hang({ signal }: ProviderCall): Promise<never> {
  return new Promise((_resolve, reject) => {
    if (signal.aborted) reject(signal.reason)
    signal.addEventListener("abort", () => reject(signal.reason), { once: true })
  })
}

/** A database of the test's own, which is dropped in the end. */
async function openStore(): Promise<Store> {
  const url = withDatabase(inject("mongodbUrl"), `sluice-test-${randomUUID()}`)
  const store = await connectStore({ url })
  onTestFinished(async () => {
    await store.close()
    await dropDatabase({ url })
  })
  return store
}

async function openRedis() {
  const folder = await mkdtemp(join(tmpdir(), "sluice-worker-"))
  const server = await startRedis({ folder })
  onTestFinished(async () => {
    await server.crash()
    await rm(folder, { recursive: true, force: true })
  })
  return server
}

/** The store, a Redis that may be harmed, and what makes workers and sweeps over both. Times are as in production, less the locks. */
export async function openWorkbench(options: WorkbenchOptions = {}) {
  const [store, server] = await Promise.all([openStore(), openRedis()])
  const errors: string[] = []
  const connect = () => {
    const redis = connectRedis({ url: server.url, onError: ({ message }) => errors.push(message) })
    onTestFinished(() => redis.close())
    return redis
  }
  const redis = connect()
  await vi.waitFor(() => redis.ping())
  const queue = createJobQueue({ redis })
  const inventory = createQueueInventory({ redis })
  const signals = createJobSignals({ redis })
  const logger = createLogger({ level: "silent", name: "test" })
  const catalog = resolveCatalog(configurationOf(options), 1)
  const tenantSettings: Record<string, TenantSettings> = { ...catalog.tenants }
  const tenants = createMemoryTenantDirectory(tenantSettings)

  /** What a worker of this name does with an entry. */
  async function executeAs({ workerId, script, isAlive = true }: WorkerOptions): Promise<ProcessEntry> {
    const own = connect()
    await vi.waitFor(() => own.ping())
    const ownSignals = createJobSignals({ redis: own })
    const watched = isAlive ? watchExecutions({ store: store.jobs, scans: store.scans, workerId, signals: ownSignals, logger }) : unwatched
    onTestFinished(() => watched.stop())
    return buildExecution({
      store,
      signals: ownSignals,
      running: watched.running,
      live: createLiveReport({ channel: createLiveChannel({ redis: own }) }),
      admission: createAdmission({ redis: own }),
      catalog: { current: () => catalog, onChange: () => undefined },
      providers: {
        get: () => ({ supports: () => true, generate: script, close: () => Promise.resolve() }),
        close: () => Promise.resolve(),
      },
      credentials: { resolve: () => Promise.resolve("key") },
      observer: logExecutions(logger),
      budgets: buildBudgets({ store, redis: own, tenants, observer: logBudgets(logger) }),
      workerId,
      logger,
      signal: new AbortController().signal,
    }).execute
  }

  async function startWorker(options: WorkerOptions) {
    const stopBeating =
      options.isAlive === false
        ? () => Promise.resolve()
        : await startHeartbeat({ workers: store.workers, workerId: options.workerId, logger })
    const worker = createRouteWorker({
      redis: connect(),
      route: "chat",
      concurrency: 50,
      process: await executeAs(options),
      lockDurationMs: 2_000,
      stalledIntervalMs: 500,
      drainDelayMs: 200,
      abortGraceMs: 200,
    })
    const stop = async () => {
      await worker.close({ graceMs: 0 })
      await stopBeating()
    }
    onTestFinished(stop)
    await worker.ready()
    return { stop }
  }

  function sweepAs(holder: string, overrides: Partial<SweepDependencies> = {}) {
    const parts = { queue, inventory, signals, leases: store.leases, workers: store.workers, blobs: store.blobs, cache: store.cache }
    const observer = { jobEnded() {}, repaired() {}, routeMissing() {}, stepFailed: failStep }
    const clock = () => new Date()
    const usage = { accountUsage: createAccountUsage({ ledger: store.usage }), usageReports: store.usageReports }
    return createSweep({
      store: store.jobs,
      scans: store.scans,
      ...parts,
      ...usage,
      catalog: () => catalog,
      tenants,
      clock,
      holder,
      observer,
      ...overrides,
    })
  }

  return {
    store,
    /** Of each tenant, to be changed at any time. */
    tenantSettings,
    tenants,
    catalog,
    server,
    redis,
    queue,
    inventory,
    signals,
    errors,
    executeAs,
    startWorker,
    sweepAs,
    /** Looks as the leader would, again and again, until the condition holds; resolves with all that was mended. */
    async sweepUntil(condition: () => Promise<boolean>, sweep = sweepAs("leader")): Promise<Partial<Record<RepairKind, number>>> {
      const total: Partial<Record<RepairKind, number>> = {}
      await vi.waitFor(
        async () => {
          for (const [kind, count] of Object.entries((await sweep()).repairs)) add(total, kind, count)
          if (!(await condition())) throw new Error("not yet")
        },
        { timeout: 30_000, interval: 200 },
      )
      return total
    },
    insert: async (overrides: Partial<QueuedJob> = {}) => {
      const createdAt = new Date()
      const job = sampleJob({ createdAt, deadline: new Date(createdAt.getTime() + 600_000), ...overrides })
      await store.jobs.insert(job)
      return job
    },
    found: async (job: Job): Promise<Job> => {
      const found = await store.jobs.find({ tenantId: job.tenantId, id: job.id })
      if (!found) throw new Error("The job is gone")
      return found
    },
  }
}

function add(total: Partial<Record<string, number>>, kind: string, count: number): void {
  total[kind] = (total[kind] ?? 0) + count
}

function failStep({ step, error }: { readonly step: string; readonly error: unknown }): never {
  throw new Error(`The step ${step} failed`, { cause: error })
}

const unwatched: ReturnType<typeof watchExecutions> = {
  running: {
    begin: (_execution, signal) => ({ signal, claimed: () => undefined, end: () => undefined }),
    has: () => false,
    look: () => Promise.resolve(),
    close: () => undefined,
  },
  stop: () => Promise.resolve(),
}
