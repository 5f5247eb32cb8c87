const keptMessages = 200

export interface ErrorReporter {
  /** Passes the error on unless the same error, or one of the same text, was passed on within `repeatAfterMs`. */
  report(error: unknown): void
  /** As `report`, in other words; the original is not reported again when it arrives on another way. */
  reportAs(message: string, cause: unknown): void
}

/**
 * An outage of Redis makes every connection emit the same error at every attempt to reconnect, and BullMQ repeats most of
 * them. Whoever reads the log needs each once in a while.
 */
export function createErrorReporter(options: {
  readonly onError: (error: Error) => void
  readonly repeatAfterMs?: number
  readonly monotonicMs?: () => number
}): ErrorReporter {
  const { onError, repeatAfterMs = 30_000, monotonicMs = () => performance.now() } = options
  const seen = new WeakSet<object>()
  const reportedAtMs = new Map<string, number>()

  const isDue = (text: string): boolean => {
    const at = monotonicMs()
    const last = reportedAtMs.get(text)
    if (last !== undefined && at - last < repeatAfterMs) return false
    reportedAtMs.delete(text)
    reportedAtMs.set(text, at)
    const oldest = reportedAtMs.keys().next()
    if (reportedAtMs.size > keptMessages && oldest.done !== true) reportedAtMs.delete(oldest.value)
    return true
  }
  const pass = (error: Error, original: unknown): void => {
    if (typeof original === "object" && original !== null) {
      if (seen.has(original)) return
      seen.add(original)
    }
    if (isDue(`${error.name}: ${error.message}`)) onError(error)
  }
  return {
    report: (error) => pass(error instanceof Error ? error : new Error(String(error)), error),
    reportAs: (message, cause) => pass(new Error(message, { cause }), cause),
  }
}
