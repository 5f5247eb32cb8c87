/** Something took longer than it was given. */
export class TimedOutError extends Error {
  readonly timeoutMs: number

  constructor(options: { what: string; timeoutMs: number }) {
    super(`${options.what} took longer than ${options.timeoutMs} ms.`)
    this.name = "TimedOutError"
    this.timeoutMs = options.timeoutMs
  }
}

/**
 * Settles as `run` does, or rejects with `TimedOutError` when that takes longer than `timeoutMs`. The signal that `run` gets
 * aborts at that moment; what `run` does afterwards is ignored.
 */
export async function runWithin<T>(options: { what: string; timeoutMs: number; run: (signal: AbortSignal) => T | Promise<T> }): Promise<T> {
  const { what, timeoutMs, run } = options
  const controller = new AbortController()
  const timedOut = Promise.withResolvers<never>()
  const timer = setTimeout(() => {
    const error = new TimedOutError({ what, timeoutMs })
    timedOut.reject(error)
    controller.abort(error)
  }, timeoutMs)
  try {
    return await Promise.race([Promise.resolve(controller.signal).then(run), timedOut.promise])
  } finally {
    clearTimeout(timer)
  }
}
