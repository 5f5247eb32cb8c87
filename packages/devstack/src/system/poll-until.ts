import { setTimeout as sleep } from "node:timers/promises"

export interface PollOptions {
  /** Gives up, with `false`, after this time. */
  timeoutMs: number
  intervalMs?: number
  signal?: AbortSignal | undefined
}

/** Asks `condition` until it holds (`true`) or the time is up (`false`). Rejects when the signal aborts. */
export async function pollUntil(condition: () => Promise<boolean> | boolean, options: PollOptions): Promise<boolean> {
  const endsAt = performance.now() + options.timeoutMs
  for (;;) {
    options.signal?.throwIfAborted()
    if (await condition()) return true
    if (performance.now() >= endsAt) return false
    await sleep(options.intervalMs ?? 25, undefined, options.signal ? { signal: options.signal } : {})
  }
}
