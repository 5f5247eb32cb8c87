import { vi } from "vitest"

/** Fakes timeouts and the monotonic clock. */
export function useFakeTimeouts(): void {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] })
}

/** Lets faked time pass. A deadline is noticed one turn of the event loop after its time. */
export async function advance(ms: number): Promise<void> {
  await vi.advanceTimersByTimeAsync(ms)
  await new Promise((resolve) => setImmediate(resolve))
}
