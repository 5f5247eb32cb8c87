import { setTimeout as sleep } from "node:timers/promises"

/** A pause of a loop that others can cut short. */
export interface WakeableRest {
  /** Ends the pause, or the next one if none is on. */
  wake(): void
  rest(ms: number): Promise<void>
}

export function createWakeableRest(): WakeableRest {
  let isWoken = false
  let onWake: () => void = () => undefined
  return {
    wake() {
      isWoken = true
      onWake()
    },
    async rest(ms) {
      const ended = new AbortController()
      onWake = () => ended.abort()
      if (!isWoken) await sleep(ms, undefined, { signal: ended.signal }).catch(() => undefined)
      isWoken = false
    },
  }
}
