import { configuration, type Job, type JobQueue, type JobSignals } from "@sluice/core"
import {
  createMemoryBlobStore,
  createMemoryJobQueue,
  createMemoryJobSignals,
  createMemoryJobStore,
  createMemoryLeaseStore,
  createMemoryQueueInventory,
  createMemoryResultCache,
  createMemoryTenantDirectory,
  createMemoryUsage,
  createMemoryWorkerRegistry,
} from "@sluice/core/testing"
import type { RepairKind } from "../sweep/repairs.ts"
import { createSweep } from "../sweep/sweep.ts"
import type { SweepDependencies } from "../sweep/sweep-dependencies.ts"
import { createAccountUsage } from "../usage/account-usage.ts"

export const sweepStart = new Date("2026-01-01T00:00:00.000Z")

const parsed = configuration.parse({
  endpoints: { a: { provider: "openai", baseUrl: "http://127.0.0.1:1/v1", model: "m" } },
  routes: { chat: { tiers: [{ name: "primary", endpoints: ["a"] }] } },
})

/** A sweep over memory, by a clock that stands still until it is moved. */
export function createSweepHarness(initial: readonly Job[] = []) {
  let now = sweepStart
  const clock = () => now
  const store = createMemoryJobStore({ initial })
  const queue = createMemoryJobQueue()
  const enqueued: string[] = []
  const countingQueue: JobQueue = {
    remove: (entry) => queue.remove(entry),
    enqueue(entries) {
      enqueued.push(...entries.map(({ id }) => id))
      return queue.enqueue(entries)
    },
  }
  const inventory = createMemoryQueueInventory(queue)
  const signals: JobSignals = createMemoryJobSignals()
  const workers = createMemoryWorkerRegistry({ clock })
  const leases = createMemoryLeaseStore({ clock })
  const blobs = createMemoryBlobStore()
  const cache = createMemoryResultCache()
  const usage = createMemoryUsage(store)
  const catalog = { routes: { ...parsed.routes }, retention: { ...parsed.retention } }
  const told: { kind: RepairKind; count: number }[] = []
  const missingRoutes: string[] = []
  const failedSteps: string[] = []
  const sweepAs = (holder: string, overrides: Partial<SweepDependencies> = {}) =>
    createSweep({
      store,
      scans: store,
      blobs,
      cache,
      queue: countingQueue,
      inventory,
      signals,
      leases,
      workers,
      accountUsage: createAccountUsage({ ledger: usage.ledger }),
      usageReports: usage.reports,
      catalog: () => catalog,
      tenants: createMemoryTenantDirectory(parsed.tenants),
      clock,
      holder,
      observer: {
        jobEnded() {},
        repaired: (event) => void told.push(event),
        routeMissing: ({ route }) => void missingRoutes.push(route),
        stepFailed: ({ step }) => void failedSteps.push(step),
      },
      ...overrides,
    })
  return {
    store,
    queue,
    /** Ids in the order in which the sweep added them, also in vain. */
    enqueued,
    inventory,
    signals,
    workers,
    leases,
    blobs,
    cache,
    usage,
    catalog,
    told,
    missingRoutes,
    failedSteps,
    sweepAs,
    find: (job: Job) => store.find({ tenantId: job.tenantId, id: job.id }),
    advance(ms: number) {
      now = new Date(now.getTime() + ms)
    },
    now: clock,
  }
}
