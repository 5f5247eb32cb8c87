import {
  alertStoreConformance,
  apiKeyStoreConformance,
  auditLogConformance,
  batchJobsConformance,
  batchStoreConformance,
  blobStoreConformance,
  canaryStoreConformance,
  deadLetterStoreConformance,
  deliveryStoreConformance,
  fileStoreConformance,
  jobStoreConformance,
  leaseStoreConformance,
  replayStoreConformance,
  tenantStoreConformance,
  usageLedgerConformance,
  webhookEndpointStoreConformance,
  workerRegistryConformance,
} from "@sluice/core/testing"
import { openTestStore } from "./open-test-store.ts"

jobStoreConformance("MongoDB", async () => {
  const { jobs, usage, close } = await openTestStore()
  return { store: jobs, ledger: usage, close }
})

blobStoreConformance("MongoDB", async () => {
  const { blobs, close } = await openTestStore()
  return { store: blobs, close }
})

workerRegistryConformance("MongoDB", async () => {
  const { workers, close } = await openTestStore()
  return { registry: workers, close }
})

leaseStoreConformance("MongoDB", async () => {
  const { leases, close } = await openTestStore()
  return { store: leases, close }
})

deadLetterStoreConformance("MongoDB", openTestStore)
batchStoreConformance("MongoDB", openTestStore)
batchJobsConformance("MongoDB", async () => {
  const { usage: ledger, ...store } = await openTestStore()
  return { ...store, ledger }
})
replayStoreConformance("MongoDB", openTestStore)
auditLogConformance("MongoDB", openTestStore)
fileStoreConformance("MongoDB", openTestStore)
alertStoreConformance("MongoDB", openTestStore)
canaryStoreConformance("MongoDB", openTestStore)
usageLedgerConformance("MongoDB", async () => {
  const { jobs, usage, usageReports, close } = await openTestStore()
  return { jobs, usage: { ledger: usage, reports: usageReports }, close }
})
deliveryStoreConformance("MongoDB", async () => {
  const { deliveries, close } = await openTestStore()
  return { store: deliveries, close }
})

webhookEndpointStoreConformance("MongoDB", async () => {
  const { webhookEndpoints, close } = await openTestStore()
  return { store: webhookEndpoints, close }
})

apiKeyStoreConformance("MongoDB", async () => {
  const { apiKeys, close } = await openTestStore()
  return { store: apiKeys, close }
})

tenantStoreConformance("MongoDB", async () => {
  const { tenants, close } = await openTestStore()
  return { store: tenants, close }
})
