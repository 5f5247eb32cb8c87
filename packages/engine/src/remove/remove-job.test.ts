import { startOfGrain } from "@sluice/core"
import {
  createMemoryBlobStore,
  createMemoryJobStore,
  createMemoryResultCache,
  createMemoryUsage,
  sampleCacheEntry,
  sampleJob,
  sampleSuccess,
} from "@sluice/core/testing"
import { describe, expect, test } from "vitest"
import { createAccountUsage } from "../usage/account-usage.ts"
import { createRemoveJob } from "./remove-job.ts"

const at = new Date("2026-01-01T00:00:01.000Z")

async function setUp() {
  const store = createMemoryJobStore()
  const blobs = createMemoryBlobStore()
  const cache = createMemoryResultCache()
  const usage = createMemoryUsage(store)
  const accountUsage = createAccountUsage({ ledger: usage.ledger })
  const job = sampleJob()
  const { tenantId, id } = job
  await store.insert(job)
  await blobs.put({ id: `${id}-1-token`, tenantId, contentType: "application/json", bytes: new Uint8Array(3) })
  const entry = sampleCacheEntry({ tenantId, jobId: id })
  await cache.put(entry)
  const end = async () => {
    await store.claim({ id, run: 1, claim: { token: "t", workerId: "w", at } })
    await store.finish({ id, run: 1, token: "t", ending: sampleSuccess() })
  }
  const isKept = async () => ({
    job: (await store.find(job)) !== null,
    output: (await blobs.get({ id: `${id}-1-token`, tenantId })) !== null,
    cache: (await cache.find({ ...entry, at: entry.storedAt })) !== null,
  })
  return { store, job, end, isKept, removeJob: createRemoveJob({ store, blobs, cache, accountUsage }), usage }
}

describe("removing a job", () => {
  test("removes it with its outputs and cache entries, once its usage is in the books", async () => {
    const { job, end, isKept, removeJob, usage } = await setUp()
    await end()
    expect(await isKept()).toEqual({ job: true, output: true, cache: true })
    expect(await removeJob(job)).toBe("removed")
    expect(await isKept()).toEqual({ job: false, output: false, cache: false })
    const days = { from: startOfGrain("day", at), to: startOfGrain("day", at) }
    expect(await usage.reports.sum({ filter: days, by: [], limit: 1 })).toMatchObject([{ figures: { jobs: 1, calls: 1 } }])
    expect(await removeJob(job)).toBe("missing")
  })

  test("touches nothing of a job that has not ended, or is another tenant's", async () => {
    const { job, end, isKept, removeJob } = await setUp()
    expect(await removeJob(job)).toBe("unfinished")
    expect(await isKept()).toEqual({ job: true, output: true, cache: true })
    await end()
    expect(await removeJob({ id: job.id, tenantId: "other" })).toBe("missing")
    expect(await isKept()).toEqual({ job: true, output: true, cache: true })
  })
})
