/**
 * Passes on the latest of the start times that are observed within one turn of the event loop: of the entries that a worker
 * fetches together only the last moves virtual time. As long as `advance` says that it has more to do it is called again. A
 * rejection is ignored: nobody waits for it, and the next start makes up for the one that was lost.
 */
export function createVirtualClock(advance: (start: number) => Promise<boolean>): { observe(start: number): void } {
  let latest: number | null = null
  let isRepeating = false

  const repeat = async (start: number): Promise<void> => {
    isRepeating = true
    try {
      while (await advance(start));
    } finally {
      isRepeating = false
    }
  }
  const pass = (): void => {
    if (latest === null) return
    const passed: Promise<unknown> = isRepeating ? advance(latest) : repeat(latest)
    passed.catch(() => {})
    latest = null
  }
  return {
    observe: (start) => {
      if (latest === null) setImmediate(pass)
      latest = Math.max(latest ?? start, start)
    },
  }
}
