import {
  auditLogConformance,
  blobStoreConformance,
  deadLetterStoreConformance,
  jobStoreConformance,
  leaseStoreConformance,
  replayStoreConformance,
  workerRegistryConformance,
} from "@sluice/core/testing"
import { openTestStore } from "./open-test-store.ts"

jobStoreConformance("MongoDB", async () => {
  const { jobs, close } = await openTestStore()
  return { store: jobs, close }
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
replayStoreConformance("MongoDB", openTestStore)
auditLogConformance("MongoDB", openTestStore)
