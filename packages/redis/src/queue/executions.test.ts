import type { ProcessOutcome } from "@sluice/core"
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest"
import { advance, useFakeTimeouts } from "../../test/support/fake-time.ts"
import { createExecutions } from "./executions.ts"
import { WorkerDraining } from "./worker-draining.ts"

const done: ProcessOutcome = { kind: "done" }

beforeEach(() => {
  useFakeTimeouts()
})
afterEach(() => {
  vi.useRealTimers()
})

describe("executions", () => {
  test("settle as the work does", async () => {
    const executions = createExecutions({ abortGraceMs: 5_000 })
    await expect(executions.run(() => Promise.resolve(done), vi.fn())).resolves.toEqual(done)
    await expect(executions.run(() => Promise.reject(new Error("defect")), vi.fn())).rejects.toThrow("defect")
  })

  test("are idle when the last has ended, whether well or not", async () => {
    const executions = createExecutions({ abortGraceMs: 5_000 })
    await expect(executions.idle()).resolves.toBeUndefined()
    const [good, bad] = [Promise.withResolvers<ProcessOutcome>(), Promise.withResolvers<ProcessOutcome>()]
    const runs = Promise.allSettled([executions.run(() => good.promise, vi.fn()), executions.run(() => bad.promise, vi.fn())])
    const isIdle = vi.fn()
    const idle = executions.idle().then(isIdle)
    good.resolve(done)
    await advance(1)
    expect(isIdle).not.toHaveBeenCalled()
    bad.reject(new Error("defect"))
    await Promise.all([runs, idle])
  })

  test("an aborted execution that returns in time is not abandoned, and leaves no timer", async () => {
    const executions = createExecutions({ abortGraceMs: 5_000 })
    const onAbandoned = vi.fn()
    const outcome = executions.run((signal) => new Promise((resolve) => signal.addEventListener("abort", () => resolve(done))), onAbandoned)
    executions.abortAll()
    await expect(outcome).resolves.toEqual(done)
    await vi.runAllTimersAsync()
    expect(onAbandoned).not.toHaveBeenCalled()
    expect(vi.getTimerCount()).toBe(0)
  })

  test("one that does not heed its signal is abandoned after the grace period", async () => {
    const executions = createExecutions({ abortGraceMs: 5_000 })
    const onAbandoned = vi.fn()
    let reason: unknown
    const outcome = executions.run((signal) => {
      signal.addEventListener("abort", () => {
        reason = signal.reason
      })
      return new Promise(() => {})
    }, onAbandoned)
    executions.abortAll()
    expect(reason).toBeInstanceOf(WorkerDraining)
    await advance(4_999)
    expect(onAbandoned).not.toHaveBeenCalled()
    await advance(1)
    await expect(outcome).resolves.toEqual({ kind: "again", at: null })
    expect(onAbandoned).toHaveBeenCalledOnce()
    await expect(executions.idle()).resolves.toBeUndefined()
  })
})
