/** A clock that moves only from one planned action to the next. */
export interface VirtualTime {
  readonly nowMs: () => number
  after(delayMs: number, action: () => void): void
  /** Runs what is planned, in order, until the time is over. */
  run(forMs: number): void
}

export const startOfTime = Date.UTC(2026, 10, 20, 18, 0, 0)

export function createVirtualTime(): VirtualTime {
  const planned: { readonly atMs: number; readonly action: () => void }[] = []
  let nowMs = startOfTime
  return {
    nowMs: () => Math.floor(nowMs),
    after: (delayMs, action) => {
      const atMs = nowMs + delayMs
      const index = planned.findLastIndex((each) => each.atMs <= atMs) + 1
      planned.splice(index, 0, { atMs, action })
    },
    run: (forMs) => {
      const endMs = nowMs + forMs
      for (let next = planned[0]; next !== undefined && next.atMs <= endMs; next = planned[0]) {
        planned.shift()
        nowMs = next.atMs
        next.action()
      }
      nowMs = endMs
    },
  }
}

/** Uniform in [0, 1), the same for each run (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
