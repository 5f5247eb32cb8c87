import { QueueUnavailableError } from "@sluice/core"
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest"
import { advance, useFakeTimeouts } from "../../test/support/fake-time.ts"
import { createCommandBudget } from "./command-budget.ts"

const newBudget = () => createCommandBudget({ address: "redis:6379", budgetMs: 800, skipAfterTimeoutMs: 2_000 })
const silent = () => new Promise<string>(() => {})
const answering = () => Promise.resolve("PONG")

/** Runs a command that is not answered until the budget is over. */
async function timeOut(budget: ReturnType<typeof newBudget>): Promise<unknown> {
  const outcome = budget.run(silent).catch((error: unknown) => error)
  await advance(800)
  return outcome
}

beforeEach(() => {
  useFakeTimeouts()
})
afterEach(() => {
  vi.useRealTimers()
})

describe("command budget", () => {
  test("gives the answer, or the command's own error", async () => {
    const budget = newBudget()
    await expect(budget.run(answering)).resolves.toBe("PONG")
    await expect(budget.run(() => Promise.reject(new Error("ERR no such key")))).rejects.toThrow("ERR no such key")
    expect(vi.getTimerCount()).toBe(0)
  })

  test("rejects when the budget is over, and not before", async () => {
    const budget = newBudget()
    const outcome = vi.fn()
    budget.run(silent).catch(outcome)
    await advance(799)
    expect(outcome).not.toHaveBeenCalled()
    await advance(1)
    expect(outcome).toHaveBeenCalledWith(expect.any(QueueUnavailableError))
    expect(outcome.mock.calls[0]?.[0]).toHaveProperty(
      "message",
      "Redis at redis:6379 did not answer within 800 ms; it is skipped for 2000 ms.",
    )
  })

  test("after a time-out no command is sent for two seconds", async () => {
    const budget = newBudget()
    await timeOut(budget)
    const command = vi.fn(answering)
    await advance(1_999)
    await expect(budget.run(command)).rejects.toBeInstanceOf(QueueUnavailableError)
    expect(command).not.toHaveBeenCalled()
    await advance(1)
    await expect(budget.run(command)).resolves.toBe("PONG")
    await expect(budget.run(command)).resolves.toBe("PONG")
  })

  test("then one command goes ahead, and the others fail at once until it is answered", async () => {
    const budget = newBudget()
    await timeOut(budget)
    await advance(2_000)
    const probe = Promise.withResolvers<string>()
    const probing = budget.run(() => probe.promise)
    const command = vi.fn(answering)
    await expect(budget.run(command)).rejects.toBeInstanceOf(QueueUnavailableError)
    expect(command).not.toHaveBeenCalled()
    probe.resolve("PONG")
    await probing
    await expect(budget.run(command)).resolves.toBe("PONG")
  })

  test("when that one takes too long as well, Redis is skipped for another two seconds", async () => {
    const budget = newBudget()
    await timeOut(budget)
    await advance(2_000)
    expect(await timeOut(budget)).toBeInstanceOf(QueueUnavailableError)
    await advance(1_999)
    await expect(budget.run(answering)).rejects.toBeInstanceOf(QueueUnavailableError)
    await advance(1)
    await expect(budget.run(answering)).resolves.toBe("PONG")
  })

  test("an error is an answer: nothing is skipped", async () => {
    const budget = newBudget()
    await expect(budget.run(() => Promise.reject(new Error("READONLY")))).rejects.toThrow("READONLY")
    await expect(budget.run(answering)).resolves.toBe("PONG")
  })
})
