import type { JobSignals } from "../ports/job-signals.ts"

type Listener = (job: { readonly id: string }) => void

/** Signals within one process. */
export function createMemoryJobSignals(): JobSignals {
  const [finished, cancelled] = [new Set<Listener>(), new Set<Listener>()]
  const announcer = (listeners: ReadonlySet<Listener>) => (job: { readonly id: string }) => {
    for (const listener of listeners) listener(job)
  }
  const subscriber = (listeners: Set<Listener>) => (listener: Listener) => {
    listeners.add(listener)
    return () => void listeners.delete(listener)
  }
  return {
    announceFinished: announcer(finished),
    onFinished: subscriber(finished),
    announceCancelled: announcer(cancelled),
    onCancelled: subscriber(cancelled),
  }
}
