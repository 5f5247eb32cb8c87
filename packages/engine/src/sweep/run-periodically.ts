import { setTimeout as sleep } from "node:timers/promises"

export interface PeriodicOptions {
  readonly everyMs: number
  readonly signal: AbortSignal
  readonly onError: (error: unknown) => void
}

/** Runs `task` again and again, never twice at once, until the signal; resolves when the last run has ended. */
export async function runPeriodically(task: () => Promise<unknown>, { everyMs, signal, onError }: PeriodicOptions): Promise<void> {
  while (!signal.aborted) {
    await task().catch(onError)
    await sleep(everyMs, undefined, { signal }).catch(() => undefined)
  }
}
