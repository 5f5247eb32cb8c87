import { StorageUnavailableError } from "@sluice/core"
import {
  createMemoryAlertStore,
  createMemoryApiKeyStore,
  createMemoryAuditLog,
  createMemoryBatchJobs,
  createMemoryBatchStore,
  createMemoryBlobStore,
  createMemoryCanaryStore,
  createMemoryDeadLetterStore,
  createMemoryDeliveryStore,
  createMemoryFileStore,
  createMemoryJobStore,
  createMemoryProviderCredentialStore,
  createMemoryReplayStore,
  createMemoryResultCache,
  createMemoryTenantStore,
  createMemoryUsage,
  createMemoryWebhookEndpointStore,
  sampleJob,
} from "@sluice/core/testing"
import { describe, expect, test } from "vitest"
import { type ApiStore, openDeferredStore } from "./deferred-store.ts"

function memoryStore(): ApiStore & { closed: number } {
  const jobs = createMemoryJobStore()
  const { ledger, reports } = createMemoryUsage(jobs)
  return {
    jobs,
    deadLetters: createMemoryDeadLetterStore(jobs),
    deadDeliveries: {
      ...createMemoryDeadLetterStore(jobs),
      redeliver: () => Promise.resolve(false),
      findUntold: () => Promise.resolve([]),
      markTold: () => Promise.resolve(),
    },
    batches: createMemoryBatchStore(),
    batchJobs: createMemoryBatchJobs(jobs),
    replays: createMemoryReplayStore(),
    files: createMemoryFileStore(),
    audit: createMemoryAuditLog(),
    alerts: createMemoryAlertStore(),
    canaries: createMemoryCanaryStore(),
    usage: ledger,
    usageReports: reports,
    tenants: createMemoryTenantStore(),
    queuedJobs: { count: () => Promise.resolve(0) },
    apiKeys: createMemoryApiKeyStore(),
    providerCredentials: createMemoryProviderCredentialStore(),
    blobs: createMemoryBlobStore(),
    cache: createMemoryResultCache(),
    deliveries: createMemoryDeliveryStore(),
    webhookEndpoints: createMemoryWebhookEndpointStore(),
    poolUse: () => ({ open: 1, inUse: 0, waiting: 0 }),
    ping: () => Promise.resolve({ latencyMs: 1 }),
    closed: 0,
    close() {
      this.closed += 1
      return Promise.resolve()
    },
  }
}

const absent = () => new StorageUnavailableError({ message: "absent" })
const never = (): never => {
  throw new Error("not expected")
}

describe("openDeferredStore", () => {
  test("is the store, once it is there", async () => {
    const store = memoryStore()
    const deferred = openDeferredStore({ connect: () => Promise.resolve(store), onUnavailable: never, onFatal: never })
    await deferred.firstAttempt
    const job = sampleJob()
    await deferred.jobs.insert(job)
    expect(await store.jobs.find(job)).toEqual(job)
    await expect(deferred.blobs.get({ id: "x", tenantId: "default" })).resolves.toBeNull()
    await expect(deferred.cache.count({ tenantId: "default", at: new Date() })).resolves.toEqual([])
    await expect(deferred.ping()).resolves.toEqual({ latencyMs: 1 })
    await deferred.close()
    expect(store.closed).toBe(1)
  })

  test("rejects with StorageUnavailableError until it is there, and tries again until it is", async () => {
    const store = memoryStore()
    const came = Promise.withResolvers<void>()
    const failures: unknown[] = []
    let attempts = 0
    const deferred = openDeferredStore({
      retryEveryMs: 1,
      connect: () => {
        attempts += 1
        if (attempts < 3) return Promise.reject(absent())
        came.resolve()
        return Promise.resolve(store)
      },
      onUnavailable: (error) => failures.push(error),
      onFatal: never,
    })
    await expect(deferred.jobs.insert(sampleJob())).rejects.toBeInstanceOf(StorageUnavailableError)
    await expect(deferred.jobs.find({ tenantId: "a", id: "b" })).rejects.toBeInstanceOf(StorageUnavailableError)
    await expect(deferred.blobs.get({ tenantId: "a", id: "b" })).rejects.toBeInstanceOf(StorageUnavailableError)
    await expect(deferred.ping()).rejects.toBeInstanceOf(StorageUnavailableError)
    await deferred.firstAttempt
    await came.promise
    await expect.poll(() => deferred.ping()).toEqual({ latencyMs: 1 })
    expect(failures).toHaveLength(2)
    await deferred.close()
  })

  test("gives up when trying again is of no use", async () => {
    const wrong = new Error("wrong URL")
    const fatal = Promise.withResolvers<unknown>()
    let attempts = 0
    const deferred = openDeferredStore({
      connect: () => {
        attempts += 1
        return Promise.reject(wrong)
      },
      retryEveryMs: 1,
      onUnavailable: never,
      onFatal: fatal.resolve,
    })
    expect(await fatal.promise).toBe(wrong)
    await deferred.firstAttempt
    await deferred.close()
    expect(attempts).toBe(1)
  })

  test("can be closed at any time, without waiting for an attempt, whose store is closed when it comes", async () => {
    const waiting = openDeferredStore({
      connect: () => Promise.reject(absent()),
      retryEveryMs: 60_000,
      onUnavailable: () => {},
      onFatal: never,
    })
    await waiting.firstAttempt
    await waiting.close()

    const late = Promise.withResolvers<ApiStore>()
    const store = memoryStore()
    const deferred = openDeferredStore({ connect: () => late.promise, onUnavailable: never, onFatal: never })
    await deferred.close()
    late.resolve(store)
    await expect.poll(() => store.closed).toBe(1)
  })
})
