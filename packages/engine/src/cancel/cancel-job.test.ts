import { QueueUnavailableError } from "@sluice/core"
import {
  createMemoryJobQueue,
  createMemoryJobSignals,
  createMemoryJobStore,
  createMemoryTenantDirectory,
  sampleFailure,
  sampleJob,
} from "@sluice/core/testing"
import { describe, expect, test } from "vitest"
import { queueEntryOf } from "../submit/submit-job.ts"
import { createCancelJob } from "./cancel-job.ts"

const now = new Date("2026-01-01T00:00:05.000Z")

async function setUp() {
  const store = createMemoryJobStore()
  const queue = createMemoryJobQueue()
  const signals = createMemoryJobSignals()
  const heard: string[] = []
  signals.onCancelled(({ id }) => heard.push(`cancelled ${id}`))
  signals.onFinished(({ id }) => heard.push(`finished ${id}`))
  const job = sampleJob()
  await store.insert(job)
  await queue.enqueue([queueEntryOf(job, { tenants: createMemoryTenantDirectory() })])
  return { store, queue, job, heard, cancelJob: createCancelJob({ store, queue, signals, clock: () => now }) }
}

describe("cancelling a job", () => {
  test("ends it, tells its worker and whoever waits, and gives up its place", async () => {
    const { store, queue, job, heard, cancelJob } = await setUp()
    expect(await cancelJob(job)).toMatchObject({ kind: "cancelled", job: { status: "cancelled", cancelRequestedAt: now } })
    expect(await store.find(job)).toMatchObject({ status: "cancelled", events: [{ type: "job.cancelled" }] })
    expect(heard.toSorted()).toEqual([`cancelled ${job.id}`, `finished ${job.id}`])
    expect(queue.entries()).toEqual([])
  })

  test("tells once more of one that was cancelled before: that process may have died before it told", async () => {
    const { store, job, heard, cancelJob } = await setUp()
    await store.cancel({ ...job, at: now, eventId: "evt_1" })
    expect(await cancelJob(job)).toMatchObject({ kind: "already_final", job: { events: [{ id: "evt_1" }] } })
    expect(heard.toSorted()).toEqual([`cancelled ${job.id}`, `finished ${job.id}`])
  })

  test("does nothing to one that has ended, and says so", async () => {
    const { store, job, heard, cancelJob } = await setUp()
    await store.abandon({ id: job.id, run: 1, ending: sampleFailure() })
    expect(await cancelJob(job)).toMatchObject({ kind: "already_final", job: { events: [{ type: "job.failed" }] } })
    expect(heard).toEqual([])
    expect(await cancelJob({ id: job.id, tenantId: "other" })).toEqual({ kind: "missing" })
  })

  test("does not need the queue", async () => {
    const { queue, job, cancelJob } = await setUp()
    queue.remove = () => Promise.reject(new QueueUnavailableError({ message: "down" }))
    expect(await cancelJob(job)).toMatchObject({ kind: "cancelled" })
  })
})
