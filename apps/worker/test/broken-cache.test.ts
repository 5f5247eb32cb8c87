import { randomUUID } from "node:crypto"
import { setTimeout } from "node:timers/promises"
import { configuration, type Endpoint, noOrigin, type ResultCache, StorageUnavailableError } from "@sluice/core"
import { createMemoryTenantDirectory } from "@sluice/core/testing"
import { withDatabase } from "@sluice/devstack"
import { createLiveReport, createRunningExecutions, createSubmitJob, unbudgeted } from "@sluice/engine"
import { createProviders } from "@sluice/providers"
import { connectRedis, createAdmission, createJobQueue, createJobSignals, createLiveChannel, createRouteValve } from "@sluice/redis"
import { createCredentials, createLogger } from "@sluice/runtime"
import { connectStore } from "@sluice/store"
import { expect, inject, onTestFinished, test } from "vitest"
import { buildExecution } from "../src/build-execution.ts"
import { observeExecutions } from "../src/observe-executions.ts"
import { createRouteWorkers } from "../src/route-workers.ts"
import { providerKey, startProvider } from "./support/simulated-provider.ts"

const tenantId = `t-${randomUUID()}`
const similar = { threshold: 0.9, direct: true }

function catalogOf(endpoint: object) {
  const { routes, endpoints, tenants, retention, deadLetters, webhooks, objectives } = configuration.parse({
    endpoints: { a: endpoint },
    routes: { chat: { cache: { exact: { ttlMs: 60_000 }, similar }, tiers: [{ name: "primary", endpoints: ["a"] }, { name: "cache" }] } },
  })
  const named = Object.entries(endpoints).map(([name, value]): [string, Endpoint] => [name, { ...value, name }])
  return {
    version: 1,
    routes,
    endpoints: new Map(named),
    tenants,
    retention,
    deadLetters,
    webhooks,
    objectives,
    alerts: null,
    publicUrl: null,
  }
}

/** A worker as it is wired, on real services and a simulated provider, but with this collection of kept answers. */
async function startWorkerWith(cache: ResultCache) {
  const { endpoint, simulator } = await startProvider()
  const store = await connectStore({ url: withDatabase(inject("mongodbUrl"), "sluice-worker-test") })
  const redis = connectRedis({ url: inject("redisUrl"), namespace: `test-${randomUUID().slice(0, 13)}`, onError: () => undefined })
  // Nobody sweeps here, so what could not be enqueued would stay where it is.
  const isConnected = () =>
    redis.ping().then(
      () => true,
      () => false,
    )
  await expect.poll(isConnected, { timeout: 20_000 }).toBe(true)
  const providers = createProviders()
  const stopping = new AbortController()
  const catalog = { current: () => catalogOf(endpoint), onChange: () => undefined }
  const logged: string[] = []
  const enqueueFailures: unknown[] = []
  const logger = createLogger({ level: "warn", name: "worker", destination: { write: (line: string) => void logged.push(line) } })
  const signals = createJobSignals({ redis })
  const { execute } = buildExecution({
    store: { ...store, cache },
    signals,
    running: createRunningExecutions({ store: store.jobs, signals }),
    live: createLiveReport({ channel: createLiveChannel({ redis }) }),
    admission: createAdmission({ redis }),
    catalog,
    providers,
    credentials: createCredentials({ environment: { [providerKey]: "sk-simulated" } }),
    observer: observeExecutions({ logger, valve: createRouteValve({ redis }), announcer: { jobStarted() {}, jobEnded() {} } }),
    budgets: unbudgeted,
    workerId: "w-1",
    logger,
    signal: stopping.signal,
  })
  const workers = createRouteWorkers({ redis, concurrency: 10, process: execute, drainGraceMs: 1_000 })
  workers.follow(["chat"])
  onTestFinished(async () => {
    stopping.abort()
    await workers.close()
    await providers.close()
    await redis.close()
    await store.close()
  })
  // Until it is connected a job is accepted all the same, and left to a sweep, which does not run here.
  await expect.poll(() => redis.ping().then(Boolean, () => false), { timeout: 20_000 }).toBe(true)
  const submit = createSubmitJob({
    store: store.jobs,
    queue: createJobQueue({ redis }),
    catalog: catalog.current,
    tenants: createMemoryTenantDirectory(),
    clock: () => new Date(),
    checkBudget: () => Promise.resolve(null),
    checkWebhookUrl: () => null,
    onEnqueueFailed: ({ error }) => enqueueFailures.push(error),
  })
  return { store, simulator, submit, logged, enqueueFailures }
}

type Broken = () => Promise<never>

function brokenCache(broken: Broken): ResultCache {
  return { put: broken, find: broken, findByCacheKey: broken, candidates: broken, invalidate: broken, count: broken }
}

const failures: [string, Broken][] = [
  ["breaks", () => Promise.reject(new TypeError("the entry cannot be read"))],
  [
    "does not answer in time",
    async () => {
      await setTimeout(300)
      throw new StorageUnavailableError({ message: "cache lookup: no answer within 300 ms" })
    },
  ],
]

test.each(failures)("a collection of kept answers that %s costs a hit, and no job", async (_what, broken) => {
  const { store, simulator, submit, logged, enqueueFailures } = await startWorkerWith(brokenCache(broken))
  const body = { route: "chat", input: { messages: [{ role: "user", content: "Say ok" }] }, metadata: {} }
  const request = { tenantId, body, idempotencyKey: null, ...noOrigin }
  const outcomes = await Promise.all([
    submit(request),
    submit({ ...request, body: { ...body, options: { cacheKey: "k", fallback: "any" } } }),
  ])
  expect(enqueueFailures).toEqual([])
  for (const outcome of outcomes) {
    if (outcome.kind !== "accepted") throw new Error(`The job was not accepted: ${outcome.kind}`)
    const ended = () => store.jobs.find({ tenantId, id: outcome.job.id })
    await expect.poll(ended, { timeout: 20_000 }).toMatchObject({ status: "succeeded", attemptCount: 1 })
    expect(await ended()).toMatchObject({ result: { provenance: { served: { tier: "primary" }, cache: null } } })
  }
  expect(simulator.requests()).toHaveLength(2)
  expect(logged.some((line) => line.includes("the job goes on without it"))).toBe(true)
})
