import type {
  AuditLog,
  BlobStore,
  DeadLetterStore,
  DeliveryStore,
  JobStore,
  LeaseStore,
  ReplayStore,
  ResultCache,
  WebhookEndpointStore,
} from "@sluice/core"
import type { MongoClient } from "mongodb"
import { createAuditLog } from "./audit/audit-log.ts"
import { createBlobStore } from "./blobs/blob-store.ts"
import { createResultCache } from "./cache/result-cache.ts"
import { createClient, databaseNameOf } from "./connection/create-client.ts"
import { type Database, openDatabase } from "./connection/database.ts"
import { createDeadLetterStore } from "./dead-letters/dead-letter-store.ts"
import { createDeliveryStore } from "./deliveries/delivery-store.ts"
import { ensureIndexes } from "./indexes/ensure-indexes.ts"
import { createJobStore } from "./jobs/job-store.ts"
import { createLeaseStore } from "./leases/lease-store.ts"
import { createOperationGate, type Operations } from "./operations/operations.ts"
import { createReplayStore } from "./replays/replay-store.ts"
import { type StoreOptions, storeDefaults } from "./store-options.ts"
import { createWebhookEndpointStore } from "./webhook-endpoints/webhook-endpoint-store.ts"

/** How long after all of the driver's limits a command counts as hung. */
const hungAfterMs = 1_000

export interface Store {
  readonly jobs: JobStore
  readonly blobs: BlobStore
  readonly leases: LeaseStore
  readonly cache: ResultCache
  readonly deadLetters: DeadLetterStore
  readonly replays: ReplayStore
  readonly audit: AuditLog
  readonly deliveries: DeliveryStore
  readonly webhookEndpoints: WebhookEndpointStore
  /** Asks the primary for a sign of life. Rejects with `StorageUnavailableError` when there is none in time. */
  ping(): Promise<{ readonly latencyMs: number }>
  /** Lets what is under way end, refuses what comes after, and disconnects. A second call waits for the first. */
  close(): Promise<void>
}

/**
 * Connects to MongoDB and makes sure of the indexes. Rejects with `StorageUnavailableError` when no primary is found in
 * time, with an `Error` that says what to do when the URL or an index is wrong; then nothing is left open.
 */
export async function connectStore(options: StoreOptions): Promise<Store> {
  return await openStore(options, () => createClient(options))
}

/** As `connectStore`, with clients of one's own making, which the store then closes. */
export async function openStore(options: StoreOptions, makeClient: () => MongoClient): Promise<Store> {
  const settings = { ...storeDefaults, ...options }
  const gate = createOperationGate()
  const operations = gate.with({ timeoutMs: settings.operationTimeoutMs })
  const commandTimeoutMs = settings.serverSelectionTimeoutMs + settings.waitQueueTimeoutMs + settings.socketTimeoutMs + hungAfterMs
  const database = await operations.run("connection", () => openDatabase({ makeClient, name: databaseNameOf(options), commandTimeoutMs }))
  try {
    await ensureIndexes(database, operations)
  } catch (error) {
    await database.close()
    throw error
  }
  let closed: Promise<void> | null = null
  return {
    jobs: createJobStore({ ...options, database, operations }),
    blobs: createBlobStore({ database, operations: gate.with({ timeoutMs: settings.blobTimeoutMs }) }),
    leases: createLeaseStore({ database, operations }),
    cache: createResultCache({ database, lookups: gate.with({ timeoutMs: settings.cacheTimeoutMs }), operations }),
    deadLetters: createDeadLetterStore({ database, operations }),
    replays: createReplayStore({ database, operations }),
    audit: createAuditLog({ database, operations }),
    deliveries: createDeliveryStore({ database, operations }),
    webhookEndpoints: createWebhookEndpointStore({ database, operations }),
    ping: () => ping(database, operations),
    close() {
      closed ??= gate.close().then(() => database.close())
      return closed
    },
  }
}

function ping(database: Database, operations: Operations): Promise<{ readonly latencyMs: number }> {
  return operations.run("ping", async () => {
    const startedAtMs = performance.now()
    await database.send((db) => db.command({ ping: 1 }))
    return { latencyMs: performance.now() - startedAtMs }
  })
}
