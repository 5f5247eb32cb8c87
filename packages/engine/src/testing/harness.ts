import {
  type Admission,
  configuration,
  type Endpoint,
  type Job,
  type LiveChannel,
  type ProcessOutcome,
  type QueuedJob,
  type ResultCache,
  type Tracer,
} from "@sluice/core"
import {
  createMemoryBlobStore,
  createMemoryJobQueue,
  createMemoryJobSignals,
  createMemoryJobStore,
  createMemoryLeaseStore,
  createMemoryLiveChannels,
  createMemoryResultCache,
  sampleJob,
} from "@sluice/core/testing"
import type { BatchTiming } from "../batch/batcher.ts"
import { type Budgets, unbudgeted } from "../budget/budgets.ts"
import { createAnswerCache } from "../cache/answer-cache.ts"
import { createSimilarities } from "../cache/similarity/similarities.ts"
import type { Catalog } from "../catalog.ts"
import type { KeyDependencies } from "../credentials/key-for-call.ts"
import type { TenantKeys } from "../credentials/tenant-keys.ts"
import { createExecuteJob } from "../execute/execute-job.ts"
import type { ExecutionObserver } from "../execute/execution-observer.ts"
import { createLeaseKeeper } from "../execute/lease-keeper.ts"
import { createRunningExecutions } from "../execute/running-executions.ts"
import { createLiveReport } from "../live/live-report.ts"
import { createSchemaCache } from "../structure/schema-cache.ts"
import { createTierAnswers } from "../tiers/tier-answers.ts"
import { openAdmission } from "./open-admission.ts"
import { type Scripted, type ScriptedProvider, scriptedProvider } from "./scripted-provider.ts"

const endpoint = { provider: "openai", baseUrl: "http://127.0.0.1:1/v1", model: "m" }

/** A catalog of a route `chat` over endpoints `a` and `b`, unless told otherwise. */
export function catalogOf(config: { endpoints?: Record<string, object>; route?: object } = {}): Catalog {
  const endpoints = config.endpoints ?? { a: {}, b: {} }
  const parsed = configuration.parse({
    endpoints: Object.fromEntries(Object.entries(endpoints).map(([name, extra]) => [name, { ...endpoint, ...extra }])),
    routes: { chat: { tiers: [{ name: "primary", endpoints: Object.keys(endpoints) }], ...config.route } },
  })
  const named = Object.entries(parsed.endpoints).map(([name, value]): [string, Endpoint] => [name, { ...value, name }])
  return { version: 1, routes: parsed.routes, endpoints: new Map(named) }
}

export const ignoreEvents: ExecutionObserver = {
  attemptEnded() {},
  firstPieceCame() {},
  batchSent() {},
  jobStarted() {},
  jobEnded() {},
  jobHandedBack() {},
  executionOvertaken() {},
  writeDelayed() {},
  routeBlocked() {},
  admissionFailed() {},
  jobDegraded() {},
}

export interface HarnessOptions {
  /** Of a provider of chats; see `provider` for another. */
  readonly script?: Parameters<typeof scriptedProvider>[0]
  readonly provider?: ScriptedProvider
  readonly batchTiming?: BatchTiming
  readonly catalog?: Catalog
  readonly job?: Partial<QueuedJob>
  readonly observer?: Partial<ExecutionObserver>
  readonly admission?: Admission
  readonly budgets?: Budgets
  readonly cache?: ResultCache
  readonly resolveCredential?: KeyDependencies["resolveCredential"]
  readonly tenantKeys?: TenantKeys
  readonly channel?: LiveChannel
  readonly tracer?: Tracer
}

/** One job, everything around it in memory, and a clock that stands still until it is moved. */
export async function createHarness(options: HarnessOptions) {
  const job = sampleJob(options.job)
  let now = job.createdAt
  const clock = () => now
  const store = createMemoryJobStore()
  const blobs = createMemoryBlobStore()
  const queue = createMemoryJobQueue()
  const signals = createMemoryJobSignals()
  const channel = options.channel ?? createMemoryLiveChannels().open("worker")
  const leases = createMemoryLeaseStore({ clock })
  const provider = options.provider ?? scriptedProvider(options.script ?? always({ text: "hi" }))
  const catalog = options.catalog ?? catalogOf()
  const admission = options.admission ?? openAdmission()
  const schemas = createSchemaCache()
  const cache = options.cache ?? createMemoryResultCache()
  const similarityOf = createSimilarities({
    embedderOf: (name) => {
      throw new Error(`There is no endpoint ${name}`)
    },
  })
  const answers = createAnswerCache({ cache, clock, schemas, similarityOf, onFailure: () => undefined })
  let tokens = 0
  const execute = createExecuteJob({
    store,
    blobs,
    signals,
    running: createRunningExecutions({ store, signals }),
    live: createLiveReport({ channel }),
    catalog: () => catalog,
    clock,
    random: () => 0.5,
    newToken: () => `token-${++tokens}`,
    workerId: "w-1",
    ...(options.batchTiming && { batchTiming: options.batchTiming }),
    ...(options.tracer && { tracer: options.tracer }),
    observer: { ...ignoreEvents, ...options.observer },
    providerOf: () => provider,
    resolveCredential: options.resolveCredential ?? (() => Promise.resolve("key")),
    ...(options.tenantKeys && { tenantKeys: options.tenantKeys }),
    schemas,
    answers,
    tierAnswers: createTierAnswers({ answers, schemas, onFailure: () => undefined }),
    admission,
    budgets: options.budgets ?? unbudgeted,
    leases: createLeaseKeeper({ admission, leaseMs: 30_000, onError: () => undefined }),
  })
  await store.insert(job)

  const found = async (): Promise<Job> => {
    const stored = await store.find({ tenantId: job.tenantId, id: job.id })
    if (!stored) throw new Error("The job is gone")
    return stored
  }
  const executeOnce = (signal = new AbortController().signal): Promise<ProcessOutcome> =>
    execute({ id: job.id, run: job.run, route: job.route }, signal)

  async function executeAgain(
    { id, run, route, tenantId }: Pick<Job, "id" | "run" | "route" | "tenantId">,
    signal = new AbortController().signal,
  ): Promise<Job | null> {
    await execute({ id, run, route }, signal)
    return await store.find({ id, tenantId })
  }

  return {
    job,
    store,
    blobs,
    queue,
    signals,
    leases,
    clock,
    provider,
    found,
    executeOnce,
    /** Stores another job beside the first; runs it once, and tells what it is then. */
    async executeAnother(overrides: Partial<QueuedJob>, signal = new AbortController().signal): Promise<Job | null> {
      const another = sampleJob(overrides)
      await store.insert(another)
      return await executeAgain(another, signal)
    },
    executeAgain,
    advanceTo(time: Date) {
      now = time
    },
    /** Plays the queue: executes until the job says that it is done, moving the clock to each time it asks for. */
    async executeToEnd(maxExecutions = 500): Promise<Job> {
      for (let count = 0; count < maxExecutions; count += 1) {
        const outcome = await executeOnce()
        if (outcome.kind === "done") return await found()
        if (outcome.at && outcome.at > now) now = outcome.at
      }
      throw new Error(`The job did not end within ${maxExecutions} executions`)
    },
  }
}

/** The same for every call. */
export const always = (outcome: Scripted) => () => outcome

/** One after the other; the last is repeated. */
export function inOrder(...outcomes: readonly [Scripted, ...Scripted[]]): (call: unknown, index: number) => Scripted {
  return (_call, index) => outcomes[index] ?? outcomes.at(-1) ?? outcomes[0]
}
