import { setTimeout as sleep } from "node:timers/promises"
import { StorageUnavailableError } from "@sluice/core"

const firstDelayMs = 200
const maxDelayMs = 2_000

export interface PersistOptions {
  /** Told before each repetition. */
  readonly onDelay: (error: StorageUnavailableError) => void
  /** Gives up, and rejects with the last error, when it is aborted. */
  readonly signal: AbortSignal
}

/** Repeats a write while the database is away: a result in hand, paid for, is not thrown away for a moment's outage. */
export async function persist<T>(write: () => Promise<T>, { onDelay, signal }: PersistOptions): Promise<T> {
  for (let delayMs = firstDelayMs; ; delayMs = Math.min(maxDelayMs, delayMs * 2)) {
    try {
      return await write()
    } catch (error) {
      if (!(error instanceof StorageUnavailableError) || signal.aborted) throw error
      onDelay(error)
      await sleep(delayMs, undefined, { signal }).catch(() => undefined)
    }
  }
}
