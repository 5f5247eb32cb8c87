import { createMemoryJobSignals, createMemoryJobStore, sampleFailure, sampleJob } from "@sluice/core/testing"
import { describe, expect, test, vi } from "vitest"
import { createJobWatch } from "./job-watch.ts"
import { createJobWaiter } from "./wait-for-job.ts"

function setUp(options: { lookEveryMs?: number; count?: number } = {}) {
  const all = Array.from({ length: options.count ?? 1 }, () => sampleJob())
  const [job = sampleJob()] = all
  const store = createMemoryJobStore({ initial: all })
  const find = vi.spyOn(store, "find")
  const glance = vi.spyOn(store, "glance")
  const signals = createMemoryJobSignals()
  const watch = createJobWatch({ store, signals, lookEveryMs: options.lookEveryMs ?? 600_000 })
  const waiter = createJobWaiter({ store, watch })
  const end = (id = job.id) => store.abandon({ id, run: 1, ending: sampleFailure() })
  const wait = (timeoutMs: number, signal = new AbortController().signal, id = job.id) =>
    waiter.wait({ tenantId: job.tenantId, id, timeoutMs, signal })
  return { all, job, find, glance, signals, watch, waiter, end, wait }
}

describe("waiting for a job", () => {
  test("ends with the signal, without asking the store over and over", async () => {
    const { job, find, signals, end, wait } = setUp()
    const answers = Promise.all(Array.from({ length: 100 }, () => wait(60_000)))
    await vi.waitFor(() => expect(find).toHaveBeenCalledTimes(100))
    await end()
    signals.announceFinished({ id: job.id })
    expect(new Set((await answers).map((answer) => answer?.status))).toEqual(new Set(["failed"]))
    expect(find).toHaveBeenCalledTimes(200)
  })

  test("ends though the signal got lost", async () => {
    const { end, wait } = setUp({ lookEveryMs: 20 })
    const answer = wait(60_000)
    await end()
    expect(await answer).toMatchObject({ status: "failed" })
  })

  test("looks after all who wait with one question at a time, and reads nobody's job before it has ended", async () => {
    const { all, find, glance, end, wait } = setUp({ lookEveryMs: 20, count: 200 })
    const answers = Promise.all(all.map(({ id }) => wait(60_000, undefined, id)))
    await vi.waitFor(() => expect(glance.mock.calls.length).toBeGreaterThan(3))
    expect(find).toHaveBeenCalledTimes(200)
    expect(glance.mock.calls.every(([ids]) => ids.length === 200)).toBe(true)
    await Promise.all(all.map(({ id }) => end(id)))
    expect((await answers).every((answer) => answer?.status === "failed")).toBe(true)
  })

  test("goes on looking after the store was away, and stops when nobody waits", async () => {
    const { glance, end, wait } = setUp({ lookEveryMs: 10 })
    glance.mockRejectedValueOnce(new Error("away"))
    const answer = wait(60_000)
    await vi.waitFor(() => expect(glance.mock.calls.length).toBeGreaterThan(1))
    await end()
    expect(await answer).toMatchObject({ status: "failed" })
    const looks = glance.mock.calls.length
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect(glance.mock.calls.length - looks).toBeLessThanOrEqual(1)
  })

  test("misses no end that falls between the look and the listening", async () => {
    const { job, find, signals, end, wait } = setUp()
    find.mockImplementationOnce(async () => {
      await end()
      signals.announceFinished({ id: job.id })
      return job
    })
    expect(await wait(600_000)).toMatchObject({ status: "failed" })
  })

  test("ends at the time-out with the job as it stands", async () => {
    const { wait } = setUp()
    expect(await wait(20)).toMatchObject({ status: "queued" })
    expect(await wait(0)).toMatchObject({ status: "queued" })
  })

  test("ends when the caller leaves, and when the process closes", async () => {
    const { watch, wait } = setUp()
    const controller = new AbortController()
    const left = wait(60_000, controller.signal)
    controller.abort()
    expect(await left).toMatchObject({ status: "queued" })
    const closed = wait(60_000)
    watch.close()
    expect(await closed).toMatchObject({ status: "queued" })
    expect(await wait(60_000)).toMatchObject({ status: "queued" })
  })

  test("has nothing to wait for when there is no such job", async () => {
    const { waiter } = setUp()
    expect(await waiter.wait({ tenantId: "x", id: "y", timeoutMs: 60_000, signal: new AbortController().signal })).toBeNull()
  })
})
