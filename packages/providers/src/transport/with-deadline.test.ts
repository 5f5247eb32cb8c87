import { getEventListeners } from "node:events"
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest"
import { withDeadline } from "./with-deadline.ts"

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

const onTimeout = (): Error => new Error("too late")

/** Work that ends only with its signal, by an error of its own. */
function untilAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => signal.addEventListener("abort", () => reject(new Error("socket closed"))))
}

describe("withDeadline", () => {
  test("returns what the work returns and leaves nothing behind", async () => {
    const { signal } = new AbortController()
    expect(await withDeadline({ signal, timeoutMs: 1_000, onTimeout }, () => Promise.resolve(7))).toBe(7)
    expect(vi.getTimerCount()).toBe(0)
    expect(getEventListeners(signal, "abort")).toHaveLength(0)
  })

  test("rejects with the time-out's error when the time is over, not with what the work made of it", async () => {
    const outcome = expect(
      withDeadline({ signal: new AbortController().signal, timeoutMs: 1_000, onTimeout }, untilAborted),
    ).rejects.toThrow("too late")
    await vi.advanceTimersByTimeAsync(1_000)
    await outcome
  })

  test("rejects with the caller's reason when the caller aborts", async () => {
    const controller = new AbortController()
    const outcome = expect(withDeadline({ signal: controller.signal, timeoutMs: 1_000, onTimeout }, untilAborted)).rejects.toBe("drained")
    controller.abort("drained")
    await outcome
    expect(vi.getTimerCount()).toBe(0)
  })

  test("does not begin for a caller who is gone", async () => {
    const work = vi.fn(() => Promise.resolve())
    await expect(withDeadline({ signal: AbortSignal.abort("gone"), timeoutMs: 1_000, onTimeout }, work)).rejects.toBe("gone")
    expect(work).not.toHaveBeenCalled()
  })

  test("passes on a failure of the work", async () => {
    const failing = withDeadline({ signal: new AbortController().signal, timeoutMs: 1_000, onTimeout }, () =>
      Promise.reject(new Error("500")),
    )
    await expect(failing).rejects.toThrow("500")
  })

  test("holds a time that no timer can", async () => {
    const outcome = withDeadline(
      { signal: new AbortController().signal, timeoutMs: 1e12, onTimeout },
      () => new Promise((resolve) => setTimeout(resolve, 5_000)),
    )
    await vi.advanceTimersByTimeAsync(5_000)
    await expect(outcome).resolves.toBeUndefined()
  })
})
