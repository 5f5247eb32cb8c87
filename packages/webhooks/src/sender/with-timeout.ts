/** The longest delay that `setTimeout` can hold; a longer one would fire at once. */
const maxTimerMs = 2 ** 31 - 1

/** Runs `work` under a signal that aborts with the caller's, or when the time is over. It stops counting when `work` has ended. */
export async function withTimeout<T>(
  options: { readonly signal: AbortSignal; readonly timeoutMs: number },
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController()
  const forward = (): void => controller.abort(options.signal.reason)
  const timer = setTimeout(() => controller.abort(), Math.min(options.timeoutMs, maxTimerMs))
  options.signal.addEventListener("abort", forward, { once: true })
  try {
    return await work(controller.signal)
  } finally {
    clearTimeout(timer)
    options.signal.removeEventListener("abort", forward)
  }
}
