import { blobStoreConformance, jobStoreConformance, leaseStoreConformance } from "@sluice/core/testing"
import { openTestStore } from "./open-test-store.ts"

jobStoreConformance("MongoDB", async () => {
  const { jobs, close } = await openTestStore()
  return { store: jobs, close }
})

blobStoreConformance("MongoDB", async () => {
  const { blobs, close } = await openTestStore()
  return { store: blobs, close }
})

leaseStoreConformance("MongoDB", async () => {
  const { leases, close } = await openTestStore()
  return { store: leases, close }
})
