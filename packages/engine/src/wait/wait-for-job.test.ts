import { createMemoryJobSignals, createMemoryJobStore, sampleFailure, sampleJob } from "@sluice/core/testing"
import { describe, expect, test, vi } from "vitest"
import { createJobWaiter } from "./wait-for-job.ts"

function setUp(options: { lookEveryMs?: number } = {}) {
  const job = sampleJob()
  const store = createMemoryJobStore({ initial: [job] })
  const find = vi.spyOn(store, "find")
  const signals = createMemoryJobSignals()
  const waiter = createJobWaiter({ store, signals, lookEveryMs: options.lookEveryMs ?? 600_000 })
  const end = () => store.abandon({ id: job.id, run: 1, ending: sampleFailure() })
  const wait = (timeoutMs: number, signal = new AbortController().signal) =>
    waiter.wait({ tenantId: job.tenantId, id: job.id, timeoutMs, signal })
  return { job, find, signals, waiter, end, wait }
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
    const { waiter, wait } = setUp()
    const controller = new AbortController()
    const left = wait(60_000, controller.signal)
    controller.abort()
    expect(await left).toMatchObject({ status: "queued" })
    const closed = wait(60_000)
    waiter.close()
    expect(await closed).toMatchObject({ status: "queued" })
  })

  test("has nothing to wait for when there is no such job", async () => {
    const { waiter } = setUp()
    expect(await waiter.wait({ tenantId: "x", id: "y", timeoutMs: 60_000, signal: new AbortController().signal })).toBeNull()
  })
})
