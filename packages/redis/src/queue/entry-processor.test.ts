import type { ProcessOutcome } from "@sluice/core"
import { DelayedError, Job, WaitingError } from "bullmq"
import { describe, expect, test, vi } from "vitest"
import { createErrorReporter } from "../connection/error-reporter.ts"
import { createEntryProcessor, defectDelayMs } from "./entry-processor.ts"
import { createExecutions } from "./executions.ts"

const now = new Date("2026-11-20T18:00:00.000Z")

function setUp(outcome: () => Promise<ProcessOutcome>, isDraining = false) {
  const errors: string[] = []
  const process = vi.fn(outcome)
  const receive = vi.fn(() => Promise.resolve(true))
  const moveToDelayed = vi.fn(() => Promise.resolve([]))
  const run = createEntryProcessor({
    route: "chat",
    process,
    executions: createExecutions({ abortGraceMs: 5_000 }),
    attendant: { receive },
    backend: () => ({ moveToDelayed }),
    isDraining: () => isDraining,
    reporter: createErrorReporter({ onError: (error) => errors.push(error.message) }),
    now: () => now,
  })
  const job: Job = Object.assign(Object.create(Job.prototype), { id: "job_1-2", attemptsMade: 0 })
  return { run: () => run(job, "token"), job, process, receive, moveToDelayed, errors }
}

const skipped = { skipAttempt: true, fieldsToUpdate: { priority: 1 } }

describe("entry processor", () => {
  test("done: the entry is finished", async () => {
    const { run, process, moveToDelayed } = setUp(() => Promise.resolve({ kind: "done" }))
    await expect(run()).resolves.toBeUndefined()
    expect(process).toHaveBeenCalledWith({ id: "job_1", run: 2, route: "chat" }, expect.any(AbortSignal))
    expect(moveToDelayed).not.toHaveBeenCalled()
  })

  test.each([
    ["a time to come", new Date(now.getTime() + 90_000), 90_000],
    ["a time in the past", new Date(now.getTime() - 90_000), 50],
    ["no time", null, 50],
  ])("again with %s: the entry is put back with that delay and no attempt is counted", async (_name, at, delayMs) => {
    const { run, moveToDelayed } = setUp(() => Promise.resolve({ kind: "again", at }))
    await expect(run()).rejects.toBeInstanceOf(DelayedError)
    expect(moveToDelayed).toHaveBeenCalledExactlyOnceWith("job_1-2", now.getTime(), delayMs, "token", skipped)
  })

  test("while the worker drains, the entry is put back at once without being processed", async () => {
    const { run, process, moveToDelayed } = setUp(() => Promise.resolve({ kind: "done" }), true)
    await expect(run()).rejects.toBeInstanceOf(DelayedError)
    expect(process).not.toHaveBeenCalled()
    expect(moveToDelayed).toHaveBeenCalledExactlyOnceWith("job_1-2", now.getTime(), 0, "token", skipped)
  })

  test.each([
    ["rejects", () => Promise.reject(new Error("defect"))],
    [
      "throws",
      () => {
        throw new Error("defect")
      },
    ],
  ])("a process that %s: BullMQ does not learn of it, the entry rests, and the defect is counted", async (_name, outcome) => {
    const { run, moveToDelayed, errors } = setUp(outcome)
    await expect(run()).rejects.toBeInstanceOf(DelayedError)
    expect(moveToDelayed).toHaveBeenCalledExactlyOnceWith("job_1-2", now.getTime(), 1_000, "token", { ...skipped, skipAttempt: false })
    expect(errors.join()).toContain("Job job_1, run 2, of route chat could not be processed: defect.")
  })

  test("an entry that got its place in line is left where it is", async () => {
    const { run, job, process, receive, moveToDelayed } = setUp(() => Promise.resolve({ kind: "done" }))
    receive.mockResolvedValueOnce(false)
    await expect(run()).rejects.toBeInstanceOf(WaitingError)
    expect(receive).toHaveBeenCalledExactlyOnceWith(job, "token")
    expect(process).not.toHaveBeenCalled()
    expect(moveToDelayed).not.toHaveBeenCalled()
  })

  test("an entry that cannot be put back is left alone, to be taken over later, and never failed", async () => {
    const { run, moveToDelayed, errors } = setUp(() => Promise.resolve({ kind: "again", at: null }))
    moveToDelayed.mockRejectedValueOnce(new Error("OOM"))
    await expect(run()).rejects.toBeInstanceOf(DelayedError)
    expect(errors).toEqual(["Entry job_1-2 of route chat was not put back: OOM. It is taken over once its lock has run out."])
  })
})

test("a defect rests a second, then twice as long each time, up to a minute", () => {
  expect([0, 1, 2, 5, 6, 7, 1_000].map(defectDelayMs)).toEqual([1_000, 2_000, 4_000, 32_000, 60_000, 60_000, 60_000])
})
