import type { JobSignals } from "../ports/job-signals.ts"

/** Signals within one process. */
export function createMemoryJobSignals(): JobSignals {
  const listeners = new Set<(job: { readonly id: string }) => void>()
  return {
    announceFinished(job) {
      for (const listener of listeners) listener(job)
    },
    onFinished(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}
