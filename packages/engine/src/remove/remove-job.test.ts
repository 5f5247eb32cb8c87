import { startOfGrain } from "@sluice/core"
import {
  createMemoryBlobStore,
  createMemoryJobStore,
  createMemoryResultCache,
  createMemoryUsage,
  sampleCacheEntry,
  sampleFailure,
  sampleJob,
  sampleSuccess,
} from "@sluice/core/testing"
import { describe, expect, test } from "vitest"
import { fanOutOf } from "../testing/fan-out.ts"
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
  return {
    store,
    job,
    end,
    isKept,
    removeJob: createRemoveJob({ store, blobs, cache, fanOut: fanOutOf(store), accountUsage }),
    accountUsage,
    usage,
  }
}

describe("removing a job", () => {
  test("removes it with its outputs and cache entries, once its usage is in the books", async () => {
    const { job, end, isKept, removeJob, usage } = await setUp()
    await end()
    expect(await isKept()).toEqual({ job: true, output: true, cache: true })
    expect(await removeJob(job)).toBe("removed")
    expect(await isKept()).toEqual({ job: false, output: false, cache: false })
    expect(await removeJob(job)).toBe("missing")
    const days = { from: startOfGrain("day", at), to: startOfGrain("day", at) }
    expect(await usage.reports.sum({ filter: days, by: [], limit: 1 })).toMatchObject([{ figures: { jobs: 1, calls: 1 } }])
  })

  test("tells of its end first, and leaves it while the delivery of that is open", async () => {
    const { store, job, end, isKept, removeJob, accountUsage } = await setUp()
    await end()
    const findRemovalObstacle: typeof store.findRemovalObstacle = async (ref) =>
      (await store.findRemovalObstacle(ref)) ?? ("delivery_pending" as const)
    const fanOut = fanOutOf(store)
    const blobs = createMemoryBlobStore()
    const remove = createRemoveJob({
      store: { ...store, findRemovalObstacle },
      blobs,
      cache: createMemoryResultCache(),
      fanOut,
      accountUsage,
    })
    expect(await store.findRemovalObstacle(job)).toBe("untold")
    expect(await remove(job)).toBe("delivery_pending")
    expect((await store.find(job))?.events).toMatchObject([{ fannedOut: true }])
    expect(await isKept()).toEqual({ job: true, output: true, cache: true })
    expect(await removeJob(job)).toBe("removed")
  })

  test("touches nothing of a job that failed while its dead letter is open", async () => {
    const { store, job, isKept, removeJob } = await setUp()
    await store.abandon({ id: job.id, run: 1, ending: sampleFailure() })
    expect(await removeJob(job)).toBe("dead_letter_open")
    expect(await isKept()).toEqual({ job: true, output: true, cache: true })
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
