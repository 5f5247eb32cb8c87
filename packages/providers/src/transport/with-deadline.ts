/** The longest delay that `setTimeout` can hold; a longer one would fire at once. */
const maxTimerMs = 2 ** 31 - 1

export interface DeadlineOptions {
  /** The caller's. An abort rejects with its reason, whatever else happened. */
  readonly signal: AbortSignal
  readonly timeoutMs: number
  /** Makes the error that a passed deadline rejects with. */
  readonly onTimeout: () => Error
}

/** Runs `work` under a signal that aborts with the caller's or when the time is over, whichever comes first. */
export async function withDeadline<T>(options: DeadlineOptions, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  options.signal.throwIfAborted()
  const controller = new AbortController()
  const forward = (): void => controller.abort(options.signal.reason)
  const timer = setTimeout(() => controller.abort(options.onTimeout()), Math.min(options.timeoutMs, maxTimerMs))
  options.signal.addEventListener("abort", forward, { once: true })
  try {
    return await work(controller.signal)
  } catch (error) {
    throw controller.signal.aborted ? controller.signal.reason : error
  } finally {
    clearTimeout(timer)
    options.signal.removeEventListener("abort", forward)
  }
}
