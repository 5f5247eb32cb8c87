/**
 * Calls back after `ms`, unless the returned function was called before. An answer that arrived while the process was busy
 * counts as in time: what has been received is handled first.
 */
export function startDeadline(ms: number, onExpired: () => void): () => void {
  let isCancelled = false
  const expire = (): void => {
    if (!isCancelled) onExpired()
  }
  const timer = setTimeout(() => setImmediate(expire), ms)
  return () => {
    isCancelled = true
    clearTimeout(timer)
  }
}
