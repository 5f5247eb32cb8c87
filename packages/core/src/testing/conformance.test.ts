import { alertStoreConformance } from "./alert-store-conformance.ts"
import { apiKeyStoreConformance } from "./api-key-store-conformance.ts"
import { auditLogConformance } from "./audit-log-conformance.ts"
import { batchJobsConformance } from "./batch-jobs-conformance.ts"
import { batchStoreConformance } from "./batch-store-conformance.ts"
import { blobStoreConformance } from "./blob-store-conformance.ts"
import { canaryStoreConformance } from "./canary-store-conformance.ts"
import { deadLetterStoreConformance } from "./dead-letter-store-conformance.ts"
import { deliveryStoreConformance } from "./delivery-store-conformance.ts"
import { fileStoreConformance } from "./file-store-conformance.ts"
import { jobQueueConformance } from "./job-queue-conformance.ts"
import { jobSignalsConformance } from "./job-signals-conformance.ts"
import { jobStoreConformance } from "./job-store-conformance.ts"
import { leaseStoreConformance } from "./lease-store-conformance.ts"
import { liveChannelConformance } from "./live-channel-conformance.ts"
import { createMemoryAlertStore } from "./memory-alert-store.ts"
import { createMemoryApiKeyStore } from "./memory-api-key-store.ts"
import { createMemoryAuditLog } from "./memory-audit-log.ts"
import { createMemoryBatchJobs } from "./memory-batch-jobs.ts"
import { createMemoryBatchStore } from "./memory-batch-store.ts"
import { createMemoryBlobStore } from "./memory-blob-store.ts"
import { createMemoryCanaryStore } from "./memory-canary-store.ts"
import { createMemoryDeadLetterStore } from "./memory-dead-letter-store.ts"
import { createMemoryDeliveryStore } from "./memory-delivery-store.ts"
import { createMemoryFileStore } from "./memory-file-store.ts"
import { createMemoryJobQueue } from "./memory-job-queue.ts"
import { createMemoryJobSignals } from "./memory-job-signals.ts"
import { createMemoryJobStore } from "./memory-job-store.ts"
import { createMemoryLeaseStore } from "./memory-lease-store.ts"
import { createMemoryLiveChannels } from "./memory-live-channel.ts"
import { createMemoryProcessControl } from "./memory-process-control.ts"
import { createMemoryProviderCredentialStore } from "./memory-provider-credential-store.ts"
import { createMemoryQueueInventory } from "./memory-queue-inventory.ts"
import { createMemoryReplayStore } from "./memory-replay-store.ts"
import { createMemoryResultCache } from "./memory-result-cache.ts"
import { createMemorySpendGate } from "./memory-spend-gate.ts"
import { createMemoryTenantStore } from "./memory-tenant-store.ts"
import { createMemoryTracer } from "./memory-tracer.ts"
import { createMemoryUsage } from "./memory-usage-ledger.ts"
import { createMemoryWebhookEndpointStore } from "./memory-webhook-endpoint-store.ts"
import { createMemoryWorkerRegistry } from "./memory-worker-registry.ts"
import { processControlConformance } from "./process-control-conformance.ts"
import { providerCredentialStoreConformance } from "./provider-credential-store-conformance.ts"
import { queueInventoryConformance } from "./queue-inventory-conformance.ts"
import { replayStoreConformance } from "./replay-store-conformance.ts"
import { resultCacheConformance } from "./result-cache-conformance.ts"
import { spendGateConformance } from "./spend-gate-conformance.ts"
import { tenantStoreConformance } from "./tenant-store-conformance.ts"
import { tracerConformance } from "./tracer-conformance.ts"
import { usageLedgerConformance } from "./usage-ledger-conformance.ts"
import { webhookEndpointStoreConformance } from "./webhook-endpoint-store-conformance.ts"
import { workerRegistryConformance } from "./worker-registry-conformance.ts"

const close = () => Promise.resolve()

jobStoreConformance("memory", () => {
  const store = createMemoryJobStore()
  return Promise.resolve({ store, ledger: createMemoryUsage(store).ledger, close })
})
spendGateConformance("memory", () => Promise.resolve({ gate: createMemorySpendGate(), close }))
usageLedgerConformance("memory", () => {
  const jobs = createMemoryJobStore()
  return Promise.resolve({ jobs, usage: createMemoryUsage(jobs), close })
})
blobStoreConformance("memory", () => Promise.resolve({ store: createMemoryBlobStore(), close }))
leaseStoreConformance("memory", () => Promise.resolve({ store: createMemoryLeaseStore({ clock: () => new Date() }), close }))
resultCacheConformance("memory", () => Promise.resolve({ cache: createMemoryResultCache(), close }))
workerRegistryConformance("memory", () => Promise.resolve({ registry: createMemoryWorkerRegistry({ clock: () => new Date() }), close }))
queueInventoryConformance("memory", () => {
  const queue = createMemoryJobQueue()
  const inventory = createMemoryQueueInventory(queue)
  const forget = () => Promise.resolve(inventory.forget())
  return Promise.resolve({ queue, inventory, forget, close })
})
jobSignalsConformance("memory", () => {
  const signals = createMemoryJobSignals()
  return Promise.resolve({ sender: signals, receiver: signals, close })
})
liveChannelConformance("memory", () => {
  const channels = createMemoryLiveChannels()
  return Promise.resolve({ worker: channels.open("worker"), readers: [channels.open("first"), channels.open("second")], close })
})
jobQueueConformance("memory", () => {
  const queue = createMemoryJobQueue()
  const contents = (route: string) =>
    Promise.resolve(queue.entries().flatMap((entry) => (entry.route === route ? [`${entry.id}-${entry.run}`] : [])))
  return Promise.resolve({ queue, contents, close })
})
canaryStoreConformance("memory", () => Promise.resolve({ canaries: createMemoryCanaryStore(), close }))
alertStoreConformance("memory", () => Promise.resolve({ alerts: createMemoryAlertStore(), close }))
fileStoreConformance("memory", () => Promise.resolve({ files: createMemoryFileStore(), close }))
auditLogConformance("memory", () => Promise.resolve({ audit: createMemoryAuditLog(), close }))
replayStoreConformance("memory", () => Promise.resolve({ replays: createMemoryReplayStore(), close }))
deadLetterStoreConformance("memory", () => {
  const jobs = createMemoryJobStore()
  return Promise.resolve({ jobs, deadLetters: createMemoryDeadLetterStore(jobs), close })
})
deliveryStoreConformance("memory", () => Promise.resolve({ store: createMemoryDeliveryStore(), close }))
webhookEndpointStoreConformance("memory", () => Promise.resolve({ store: createMemoryWebhookEndpointStore(), close }))
providerCredentialStoreConformance("memory", () => Promise.resolve({ store: createMemoryProviderCredentialStore(), close }))
batchStoreConformance("memory", () => Promise.resolve({ batches: createMemoryBatchStore(), close }))
batchJobsConformance("memory", () => {
  const jobs = createMemoryJobStore()
  return Promise.resolve({ jobs, ledger: createMemoryUsage(jobs).ledger, batchJobs: createMemoryBatchJobs(jobs), close })
})
apiKeyStoreConformance("memory", () => Promise.resolve({ store: createMemoryApiKeyStore(), close }))
tenantStoreConformance("memory", () => Promise.resolve({ store: createMemoryTenantStore(), close }))
processControlConformance("memory", () => Promise.resolve({ control: createMemoryProcessControl({ clock: () => new Date() }), close }))
tracerConformance("memory", () => {
  const tracer = createMemoryTracer()
  return { tracer, spans: () => Promise.resolve(tracer.spans()) }
})
