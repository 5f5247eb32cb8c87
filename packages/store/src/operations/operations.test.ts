import { StorageUnavailableError } from "@sluice/core"
import { MongoNetworkError, MongoServerError } from "mongodb"
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest"
import { TryAgain } from "../errors/try-again.ts"
import { createOperationGate, type Delay } from "./operations.ts"

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

/** Of the faked timers, which `node:timers/promises` does not use. */
const delay: Delay = (ms, signal) =>
  new Promise((resolve, reject) => {
    setTimeout(resolve, ms)
    signal.addEventListener("abort", () => reject(signal.reason))
  })
const open = () => {
  const gate = createOperationGate()
  return { gate, operations: gate.with({ timeoutMs: 1_000, retryDelaysMs: [100], delay }) }
}
const hanging = () => new Promise<never>(() => undefined)

describe("an operation", () => {
  test.each([
    ["the connection broke", new MongoNetworkError("connection closed")],
    ["the primary moved", new MongoServerError({ message: "not primary", code: 10_107 })],
    ["the job changed meanwhile", new TryAgain("changed")],
  ])("is tried again when %s", async (_why, error) => {
    const attempt = vi.fn<() => Promise<string>>().mockRejectedValueOnce(error).mockResolvedValueOnce("done")
    const outcome = open().operations.run("write", attempt)
    await vi.advanceTimersByTimeAsync(99)
    expect(attempt).toHaveBeenCalledTimes(1)
    await vi.advanceTimersByTimeAsync(1)
    expect(await outcome).toBe("done")
  })

  test("is answered in time, with the last problem, and its signal aborted", async () => {
    const signals: AbortSignal[] = []
    const outcome = open().operations.run("end of job_1", (signal) => {
      signals.push(signal)
      return signals.length < 3 ? Promise.reject(new MongoNetworkError("connection 3 closed")) : hanging()
    })
    const checked = expect(outcome).rejects.toThrow(/^MongoDB did not acknowledge within 1000 ms: end of job_1\. .*connection 3 closed$/)
    await vi.advanceTimersByTimeAsync(999)
    expect(signals.map(({ aborted }) => aborted)).toEqual([false, false, false])
    await vi.advanceTimersByTimeAsync(1)
    await checked
    await expect(outcome).rejects.toBeInstanceOf(StorageUnavailableError)
    expect(signals[2]?.aborted).toBe(true)
  })

  test("makes no further attempt when its time is over", async () => {
    const attempt = vi.fn(() => Promise.reject(new MongoNetworkError("closed")))
    const checked = expect(open().operations.run("write", attempt)).rejects.toBeInstanceOf(StorageUnavailableError)
    await vi.advanceTimersByTimeAsync(1_000)
    await checked
    const made = attempt.mock.calls.length
    await vi.advanceTimersByTimeAsync(10_000)
    expect(attempt).toHaveBeenCalledTimes(made)
  })

  test("fails at once when MongoDB says no", async () => {
    const refusal = new MongoServerError({ message: "not authorized on sluice", code: 13 })
    const outcome = open().operations.run("list of jobs", () => Promise.reject(refusal))
    await expect(outcome).rejects.toThrow(/list of jobs.*not authorized on sluice/)
    await expect(outcome).rejects.toBeInstanceOf(StorageUnavailableError)
  })

  test("leaves errors alone that are not the database's", async () => {
    const error = new RangeError("a mistake of ours")
    await expect(open().operations.run("write", () => Promise.reject(error))).rejects.toBe(error)
  })
})

describe("closing", () => {
  test("waits for what is under way and refuses what comes after", async () => {
    const { gate, operations } = open()
    const { promise, resolve } = Promise.withResolvers<string>()
    const outcome = operations.run("write", () => promise)
    let isClosed = false
    const closed = gate.close().then(() => {
      isClosed = true
    })
    await expect(operations.run("another", hanging)).rejects.toThrow("The store is closed: another was not done.")
    expect(isClosed).toBe(false)
    resolve("done")
    expect(await outcome).toBe("done")
    await closed
  })
})
