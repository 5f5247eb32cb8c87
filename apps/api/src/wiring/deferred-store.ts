import { setTimeout } from "node:timers/promises"
import {
  type AuditLog,
  type BlobStore,
  type DeadDeliveries,
  type DeadLetterStore,
  type JobStore,
  type ReplayStore,
  type ResultCache,
  StorageUnavailableError,
} from "@sluice/core"
import type { Store } from "@sluice/store"
import { deferredAlerts, deferredCanaries } from "./deferred-alert-store.ts"
import { deferredBatches, deferredBatchJobs } from "./deferred-batches.ts"
import { deferredFiles } from "./deferred-files.ts"
import { deferredApiKeys, deferredProviderCredentials, deferredTenants } from "./deferred-tenancy-stores.ts"
import { deferredUsageLedger, deferredUsageReports } from "./deferred-usage-stores.ts"
import { deferredDeliveries, deferredWebhookEndpoints } from "./deferred-webhook-stores.ts"

/** What the API uses of the store. */
export type ApiStore = Pick<
  Store,
  | "jobs"
  | "blobs"
  | "cache"
  | "deadLetters"
  | "deadDeliveries"
  | "replays"
  | "audit"
  | "files"
  | "alerts"
  | "canaries"
  | "usage"
  | "usageReports"
  | "batches"
  | "batchJobs"
  | "tenants"
  | "queuedJobs"
  | "apiKeys"
  | "providerCredentials"
  | "deliveries"
  | "webhookEndpoints"
  | "ping"
  | "poolUse"
  | "close"
>

export interface DeferredStoreOptions {
  /** Tries once; rejects with `StorageUnavailableError` when it is worth trying again. */
  readonly connect: () => Promise<ApiStore>
  /** Between two attempts. Default 1 s. */
  readonly retryEveryMs?: number
  /** Told of each attempt that failed for want of a database. */
  readonly onUnavailable: (error: StorageUnavailableError) => void
  /** Told when an attempt failed for another reason; no further one is made. */
  readonly onFatal: (error: unknown) => void
}

export interface DeferredStore extends ApiStore {
  /** Resolves when the first attempt has ended, well or not. */
  readonly firstAttempt: Promise<void>
}

/**
 * A store that need not be there yet: the API starts without its database, says so, and is ready once it has come. Until
 * then everything rejects with `StorageUnavailableError`; afterwards the driver sees to reconnecting by itself.
 */
export function openDeferredStore(options: DeferredStoreOptions): DeferredStore {
  const closing = new AbortController()
  const firstAttempt = Promise.withResolvers<void>()
  let store: ApiStore | null = null
  const connecting = connectPatiently(options, { signal: closing.signal, onAttempt: firstAttempt.resolve })
    .then((opened) => {
      store = opened
    }, options.onFatal)
    .finally(firstAttempt.resolve)
  const opened = (): ApiStore => {
    if (store === null) throw new StorageUnavailableError({ message: "MongoDB has not answered since this process started." })
    return store
  }
  return {
    firstAttempt: firstAttempt.promise,
    jobs: jobsOf(() => opened().jobs),
    blobs: blobsOf(() => opened().blobs),
    cache: cacheOf(() => opened().cache),
    deadLetters: deadLettersOf(() => opened().deadLetters),
    deadDeliveries: deadDeliveriesOf(() => opened().deadDeliveries),
    replays: replaysOf(() => opened().replays),
    audit: auditOf(() => opened().audit),
    files: deferredFiles(() => opened().files),
    alerts: deferredAlerts(() => opened().alerts),
    canaries: deferredCanaries(() => opened().canaries),
    queuedJobs: { count: async (request) => await opened().queuedJobs.count(request) },
    usage: deferredUsageLedger(() => opened().usage),
    usageReports: deferredUsageReports(() => opened().usageReports),
    batches: deferredBatches(() => opened().batches),
    batchJobs: deferredBatchJobs(() => opened().batchJobs),
    tenants: deferredTenants(() => opened().tenants),
    providerCredentials: deferredProviderCredentials(() => opened().providerCredentials),
    apiKeys: deferredApiKeys(() => opened().apiKeys),
    deliveries: deferredDeliveries(() => opened().deliveries),
    webhookEndpoints: deferredWebhookEndpoints(() => opened().webhookEndpoints),
    ping: async () => await opened().ping(),
    poolUse: () => store?.poolUse() ?? { open: 0, inUse: 0, waiting: 0 },
    async close() {
      closing.abort()
      // An attempt under way may take long. If it succeeds after all, it is undone.
      const closed = connecting.then(() => store?.close())
      if (store !== null) await closed
    },
  }
}

/** Null when it was told to stop before the database came. */
async function connectPatiently(
  { connect, retryEveryMs = 1_000, onUnavailable }: DeferredStoreOptions,
  { signal, onAttempt }: { readonly signal: AbortSignal; readonly onAttempt: () => void },
): Promise<ApiStore | null> {
  while (!signal.aborted) {
    try {
      return await connect()
    } catch (error) {
      if (!(error instanceof StorageUnavailableError)) throw error
      onUnavailable(error)
    }
    onAttempt()
    await setTimeout(retryEveryMs, undefined, { signal }).catch(() => undefined)
  }
  return null
}

function jobsOf(jobs: () => JobStore): JobStore {
  return {
    insert: async (job) => await jobs().insert(job),
    claim: async (request) => await jobs().claim(request),
    handBack: async (request) => await jobs().handBack(request),
    finish: async (request) => await jobs().finish(request),
    abandon: async (request) => await jobs().abandon(request),
    rescue: async (request) => await jobs().rescue(request),
    park: async (request) => await jobs().park(request),
    resume: async (request) => await jobs().resume(request),
    replay: async (request) => await jobs().replay(request),
    cancel: async (request) => await jobs().cancel(request),
    find: async (request) => await jobs().find(request),
    findByKey: async (request) => await jobs().findByKey(request),
    list: async (request) => await jobs().list(request),
    glance: async (ids) => await jobs().glance(ids),
    findOvertaken: async (executions) => await jobs().findOvertaken(executions),
    findRemovalObstacle: async (request) => await jobs().findRemovalObstacle(request),
    remove: async (request) => await jobs().remove(request),
    findDueToEnqueue: async (request) => await jobs().findDueToEnqueue(request),
    markEnqueued: async (marks) => await jobs().markEnqueued(marks),
    findPastDeadline: async (request) => await jobs().findPastDeadline(request),
    findToFanOut: async (request) => await jobs().findToFanOut(request),
    markFannedOut: async (events) => await jobs().markFannedOut(events),
  }
}

function blobsOf(blobs: () => BlobStore): BlobStore {
  return {
    put: async (blob) => await blobs().put(blob),
    get: async (request) => await blobs().get(request),
    delete: async (request) => await blobs().delete(request),
    deleteAllOf: async (request) => await blobs().deleteAllOf(request),
  }
}

function cacheOf(cache: () => ResultCache): ResultCache {
  return {
    put: async (entry) => await cache().put(entry),
    find: async (request) => await cache().find(request),
    findByCacheKey: async (request) => await cache().findByCacheKey(request),
    candidates: async (request) => await cache().candidates(request),
    invalidate: async (request) => await cache().invalidate(request),
    count: async (request) => await cache().count(request),
  }
}

function deadLettersOf(deadLetters: () => DeadLetterStore): DeadLetterStore {
  return {
    list: async (request) => await deadLetters().list(request),
    find: async (request) => await deadLetters().find(request),
    summarise: async (request) => await deadLetters().summarise(request),
    causes: async (request) => await deadLetters().causes(request),
    discard: async (request) => await deadLetters().discard(request),
    discardOld: async (request) => await deadLetters().discardOld(request),
    countFailures: async (request) => await deadLetters().countFailures(request),
    progressOf: async (request) => await deadLetters().progressOf(request),
  }
}

function deadDeliveriesOf(deadDeliveries: () => DeadDeliveries): DeadDeliveries {
  return {
    ...deadLettersOf(deadDeliveries),
    findUntold: async (request) => await deadDeliveries().findUntold(request),
    markTold: async (letters) => await deadDeliveries().markTold(letters),
    redeliver: async (request) => await deadDeliveries().redeliver(request),
  }
}

function replaysOf(replays: () => ReplayStore): ReplayStore {
  return {
    insert: async (replay) => await replays().insert(replay),
    find: async (request) => await replays().find(request),
    list: async (request) => await replays().list(request),
    findActive: async (request) => await replays().findActive(request),
    advance: async (request) => await replays().advance(request),
    recordProgress: async (request) => await replays().recordProgress(request),
    cancel: async (request) => await replays().cancel(request),
  }
}

function auditOf(audit: () => AuditLog): AuditLog {
  return {
    record: async (entry) => await audit().record(entry),
    list: async (request) => await audit().list(request),
  }
}
