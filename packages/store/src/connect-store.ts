import type {
  AlertStore,
  ApiKeyStore,
  AuditLog,
  BatchJobs,
  BatchStore,
  BlobStore,
  CanaryStore,
  DeadDeliveries,
  DeadLetterStore,
  DeliveryStore,
  FileStore,
  JobScans,
  JobStore,
  LeaseStore,
  ProviderCredentialStore,
  QueuedJobs,
  ReplayStore,
  ResultCache,
  TenantStore,
  UsageLedger,
  UsageReports,
  WebhookEndpointStore,
  WorkerRegistry,
} from "@sluice/core"
import type { MongoClient } from "mongodb"
import { createAlertStore } from "./alerts/alert-store.ts"
import { createApiKeyStore } from "./api-keys/api-key-store.ts"
import { createAuditLog } from "./audit/audit-log.ts"
import { createBatchJobs } from "./batches/batch-jobs.ts"
import { createBatchStore } from "./batches/batch-store.ts"
import { createBlobStore } from "./blobs/blob-store.ts"
import { createBlobReseal } from "./blobs/reseal-blob.ts"
import { createResultCache } from "./cache/result-cache.ts"
import { createCanaryStore } from "./canaries/canary-store.ts"
import { createClient, databaseNameOf } from "./connection/create-client.ts"
import { type Database, openDatabase } from "./connection/database.ts"
import { createPoolCounter, type PoolUse } from "./connection/pool-counter.ts"
import { createDeadLetterStore } from "./dead-letters/dead-letter-store.ts"
import { createDeadDeliveryStore } from "./dead-letters/deliveries/dead-delivery-store.ts"
import { createDeliveryStore } from "./deliveries/delivery-store.ts"
import { registerKeys } from "./encryption/key-register.ts"
import { createReseal, type ResealProgress, type ResealRequest } from "./encryption/reseal.ts"
import { createSealer } from "./encryption/sealer.ts"
import { createFileStore } from "./files/file-store.ts"
import { createDropRetiredIndexes } from "./indexes/drop-retired-indexes.ts"
import { ensureIndexes } from "./indexes/ensure-indexes.ts"
import { createJobStore } from "./jobs/job-store.ts"
import { createLeaseStore } from "./leases/lease-store.ts"
import type { Upgrades } from "./migrations/upgrade.ts"
import { createUpgradeJobs, type UpgradeJobsRequest, type UpgradeProgress } from "./migrations/upgrade-jobs.ts"
import { createOperationGate, type Operations } from "./operations/operations.ts"
import { createProviderCredentialStore } from "./provider-credentials/provider-credential-store.ts"
import { createQueuedJobs } from "./queued-jobs/queued-jobs.ts"
import { createReplayStore } from "./replays/replay-store.ts"
import { createJobScans } from "./scans/job-scans.ts"
import { type StoreOptions, storeDefaults } from "./store-options.ts"
import { createTenantStore } from "./tenants/tenant-store.ts"
import { createUsageLedger } from "./usage/usage-ledger.ts"
import { createUsageReports } from "./usage/usage-reports.ts"
import { createWebhookEndpointStore } from "./webhook-endpoints/webhook-endpoint-store.ts"
import { createWorkerRegistry } from "./workers/worker-registry.ts"

/** How long after all of the driver's limits a command counts as hung. */
const hungAfterMs = 1_000

export interface Store {
  readonly jobs: JobStore
  readonly scans: JobScans
  readonly blobs: BlobStore
  readonly leases: LeaseStore
  readonly workers: WorkerRegistry
  readonly cache: ResultCache
  readonly deadLetters: DeadLetterStore
  readonly deadDeliveries: DeadDeliveries
  readonly batches: BatchStore
  readonly batchJobs: BatchJobs
  readonly replays: ReplayStore
  readonly audit: AuditLog
  readonly files: FileStore
  readonly alerts: AlertStore
  readonly canaries: CanaryStore
  readonly usage: UsageLedger
  readonly usageReports: UsageReports
  readonly tenants: TenantStore
  readonly providerCredentials: ProviderCredentialStore
  readonly queuedJobs: QueuedJobs
  readonly apiKeys: ApiKeyStore
  /** Writes jobs of older releases anew in the present form. They are read as if they were, so nothing waits for it. */
  readonly upgradeJobs: (request?: UpgradeJobsRequest) => Promise<UpgradeProgress>
  /** Drops the indexes that only processes of older releases need; resolves to their names. */
  readonly dropRetiredIndexes: () => Promise<readonly string[]>
  /** Encrypts anew whatever is not encrypted with the key in use. */
  readonly reseal: (request?: ResealRequest) => Promise<ResealProgress>
  readonly deliveries: DeliveryStore
  readonly webhookEndpoints: WebhookEndpointStore
  /** Asks the primary for a sign of life. Rejects with `StorageUnavailableError` when there is none in time. */
  ping(): Promise<{ readonly latencyMs: number }>
  poolUse(): PoolUse
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

/** As `connectStore`, with clients of one's own making, which the store then closes, and for tests with other upgrades. */
export async function openStore(options: StoreOptions & { readonly upgrades?: Upgrades }, makeClient: () => MongoClient): Promise<Store> {
  const settings = { ...storeDefaults, ...options }
  const gate = createOperationGate()
  const operations = gate.with({ timeoutMs: settings.operationTimeoutMs })
  const commandTimeoutMs = settings.serverSelectionTimeoutMs + settings.waitQueueTimeoutMs + settings.socketTimeoutMs + hungAfterMs
  const sealer = createSealer(settings.encryptionKeys ?? [])
  const pool = createPoolCounter()
  const makeCounted = () => pool.watch(makeClient())
  const name = databaseNameOf(options)
  const database = await operations.run("connection", () => openDatabase({ makeClient: makeCounted, name, commandTimeoutMs }))
  try {
    await ensureIndexes(database, operations)
    await registerKeys({ database, operations, sealer })
  } catch (error) {
    await database.close()
    throw error
  }
  const blobOperations = gate.with({ timeoutMs: settings.blobTimeoutMs })
  let closed: Promise<void> | null = null
  return {
    jobs: createJobStore({ ...options, database, operations, sealer }),
    upgradeJobs: createUpgradeJobs({ database, operations, upgrades: options.upgrades }),
    dropRetiredIndexes: createDropRetiredIndexes({ database, operations }),
    scans: createJobScans({ database, operations }),
    blobs: createBlobStore({ database, operations: blobOperations, sealer }),
    reseal: createReseal({
      database,
      operations: blobOperations,
      sealer,
      resealBlob: createBlobReseal({ database, operations: blobOperations, sealer }),
    }),
    leases: createLeaseStore({ database, operations }),
    workers: createWorkerRegistry({ database, operations }),
    cache: createResultCache({ database, lookups: gate.with({ timeoutMs: settings.cacheTimeoutMs }), operations, sealer }),
    deadLetters: createDeadLetterStore({ database, operations }),
    deadDeliveries: createDeadDeliveryStore({ database, operations }),
    batches: createBatchStore({ database, operations }),
    batchJobs: createBatchJobs({ database, operations, sealer }),
    replays: createReplayStore({ database, operations }),
    audit: createAuditLog({ database, operations }),
    files: createFileStore({ database, operations }),
    alerts: createAlertStore({ database, operations }),
    canaries: createCanaryStore({ database, operations }),
    queuedJobs: createQueuedJobs({ database, operations }),
    usage: createUsageLedger({ database, operations }),
    usageReports: createUsageReports({ database, operations }),
    tenants: createTenantStore({ database, operations }),
    providerCredentials: createProviderCredentialStore({ database, operations, sealer }),
    apiKeys: createApiKeyStore({ database, operations }),
    deliveries: createDeliveryStore({ database, operations, sealer }),
    webhookEndpoints: createWebhookEndpointStore({ database, operations }),
    ping: () => ping(database, operations),
    poolUse: pool.read,
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
