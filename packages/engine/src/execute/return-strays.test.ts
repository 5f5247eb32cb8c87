import { createMemoryJobSignals, createMemoryJobStore, sampleJob, sampleSuccess } from "@sluice/core/testing"
import { expect, test } from "vitest"
import { createReturnStrays } from "./return-strays.ts"
import { createRunningExecutions } from "./running-executions.ts"

const claimedAt = new Date("2026-01-01T00:00:01.000Z")
const later = new Date("2026-01-01T00:00:12.000Z")

async function setUp({ now = later } = {}) {
  const store = createMemoryJobStore()
  const running = createRunningExecutions({ store, signals: createMemoryJobSignals() })
  const job = sampleJob()
  await store.insert(job)
  const claim = (workerId: string, token: string) => store.claim({ id: job.id, run: 1, claim: { token, workerId, at: claimedAt } })
  const returnStrays = createReturnStrays({ store, scans: store, running, clock: () => now, workerId: "me" })
  return { store, running, job, claim, returnStrays, found: () => store.find(job) }
}

test("a job that this worker holds and does not execute goes back in line, to be put in the queue soon, and no attempt is counted", async () => {
  const { job, claim, returnStrays, found } = await setUp()
  await claim("me", "a")
  expect(await returnStrays()).toBe(1)
  expect(await found()).toMatchObject({ id: job.id, status: "queued", attemptCount: 0, rescues: 0, notBefore: null })
  expect(await found()).toHaveProperty("enqueueDueAt", new Date(later.getTime() + 5_000))
  expect(await returnStrays()).toBe(0)
})

test("what it executes, or is about to claim, stays, also when it once held the job by another claim", async () => {
  const { job, running, claim, returnStrays, found } = await setUp()
  const execution = running.begin({ id: job.id, run: 1, token: "b" }, new AbortController().signal)
  await claim("me", "b")
  expect(await returnStrays()).toBe(0)
  execution.end()
  running.begin({ id: job.id, run: 1, token: "c" }, new AbortController().signal)
  expect(await returnStrays()).toBe(1)
  expect(await found()).toMatchObject({ status: "queued" })
})

test("another worker's jobs, young claims and jobs that have ended are left alone", async () => {
  const others = await setUp()
  await others.claim("other", "a")
  expect(await others.returnStrays()).toBe(0)
  const young = await setUp({ now: new Date("2026-01-01T00:00:10.000Z") })
  await young.claim("me", "a")
  expect(await young.returnStrays()).toBe(0)
  const ended = await setUp()
  await ended.claim("me", "a")
  await ended.store.finish({ id: ended.job.id, run: 1, token: "a", ending: sampleSuccess() })
  expect(await ended.returnStrays()).toBe(0)
  expect(await ended.found()).toMatchObject({ status: "succeeded" })
})
