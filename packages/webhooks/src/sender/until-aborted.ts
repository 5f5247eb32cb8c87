/**
 * Settles as `pending` does, or rejects with the signal's reason once that aborts. undici looks at a signal only when a request has
 * a connection; one that still waits for that is not sent later, but its promise stays open until then.
 */
export async function untilAborted<T>(pending: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise: aborted, reject } = Promise.withResolvers<never>()
  const stop = (): void => reject(signal.reason)
  signal.addEventListener("abort", stop, { once: true })
  try {
    return await Promise.race([pending, aborted])
  } finally {
    signal.removeEventListener("abort", stop)
  }
}
