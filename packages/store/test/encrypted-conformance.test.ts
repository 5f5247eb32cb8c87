import { randomBytes } from "node:crypto"
import {
  batchJobsConformance,
  blobStoreConformance,
  deliveryStoreConformance,
  jobStoreConformance,
  providerCredentialStoreConformance,
  resultCacheConformance,
} from "@sluice/core/testing"
import { openTestStore } from "./open-test-store.ts"

// The stores keep their promises when everything that they keep of callers is encrypted.
const key = (id: string) => ({ id, secret: randomBytes(32) })
const open = () => openTestStore({ encryptionKeys: [key("present"), key("older")] })

jobStoreConformance("encrypting MongoDB", async () => {
  const { jobs, usage, close } = await open()
  return { store: jobs, ledger: usage, close }
})

batchJobsConformance("encrypting MongoDB", async () => {
  const { usage: ledger, ...store } = await open()
  return { ...store, ledger }
})

blobStoreConformance("encrypting MongoDB", async () => {
  const { blobs, close } = await open()
  return { store: blobs, close }
})

resultCacheConformance("encrypting MongoDB", async () => {
  const { cache, close } = await open()
  return { cache, close }
})

providerCredentialStoreConformance("encrypting MongoDB", async () => {
  const { providerCredentials, close } = await open()
  return { store: providerCredentials, close }
})

deliveryStoreConformance("encrypting MongoDB", async () => {
  const { deliveries, close } = await open()
  return { store: deliveries, close }
})
