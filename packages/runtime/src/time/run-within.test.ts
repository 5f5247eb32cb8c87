import { describe, expect, test, vi } from "vitest"
import { runWithin, TimedOutError } from "./run-within.ts"

const never = () => new Promise<never>(() => undefined)

describe("runWithin", () => {
  test("settles as what it runs does", async () => {
    expect(await runWithin({ what: "x", timeoutMs: 60_000, run: async () => 7 })).toBe(7)
    expect(await runWithin({ what: "x", timeoutMs: 60_000, run: () => 7 })).toBe(7)
    const broken = () => {
      throw new Error("broken")
    }
    await expect(runWithin({ what: "x", timeoutMs: 60_000, run: broken })).rejects.toThrow("broken")
  })

  test("leaves no timer behind", async () => {
    vi.useFakeTimers()
    try {
      await runWithin({ what: "x", timeoutMs: 60_000, run: () => 7 })
      expect(vi.getTimerCount()).toBe(0)
    } finally {
      vi.useRealTimers()
    }
  })

  test("gives up in time, says what took too long, and aborts it", async () => {
    let given: AbortSignal | null = null
    const running = runWithin({
      what: "The check of redis",
      timeoutMs: 5,
      run: (signal) => {
        given = signal
        return never()
      },
    })
    await expect(running).rejects.toThrow(new TimedOutError({ what: "The check of redis", timeoutMs: 5 }))
    expect(given).toMatchObject({ aborted: true, reason: expect.any(TimedOutError) })
  })

  test("rejects with the time-out even if what it runs rejects because it was aborted", async () => {
    const run = (signal: AbortSignal) => new Promise((_, reject) => signal.addEventListener("abort", () => reject(new Error("aborted"))))
    await expect(runWithin({ what: "x", timeoutMs: 5, run })).rejects.toThrow(TimedOutError)
  })
})
