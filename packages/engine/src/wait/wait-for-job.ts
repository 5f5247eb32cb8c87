import { isFinal, type Job, type JobSignals, type JobStore } from "@sluice/core"

export interface WaitForJobDependencies {
  readonly store: JobStore
  readonly signals: JobSignals
  /** Signals are best effort, so the store is asked now and then too; lookups of one moment travel together. Default 2 s. */
  readonly lookEveryMs?: number
}

export interface WaitForJobRequest {
  readonly tenantId: string
  readonly id: string
  /** How long at most. The answer then is the job as it stands. */
  readonly timeoutMs: number
  /** The caller has gone: stop waiting. */
  readonly signal: AbortSignal
}

export interface JobWaiter {
  /** The job at its end or at the time-out; null when there is no such job. */
  wait(request: WaitForJobRequest): Promise<Job | null>
  /** Answers everyone who waits with the job as it stands, and ends the subscription. */
  close(): void
}

/** One subscription serves all who wait in this process. */
export function createJobWaiter({ store, signals, lookEveryMs = 2_000 }: WaitForJobDependencies): JobWaiter {
  const listeners = new Map<string, Set<() => void>>()
  const wakeAll = () => {
    for (const wakes of listeners.values()) for (const wake of wakes) wake()
  }
  const unsubscribe = signals.onFinished(({ id }) => {
    for (const wake of listeners.get(id) ?? []) wake()
  })
  let isClosed = false

  /** Resolves at the job's end, after `ms`, when the caller leaves, or when stopped, whichever comes first. */
  function listen(id: string, ms: number, signal: AbortSignal): { woken: Promise<void>; stop: () => void } {
    const { promise: woken, resolve } = Promise.withResolvers<void>()
    const wakes = listeners.get(id) ?? new Set()
    listeners.set(id, wakes)
    const wake = () => {
      clearTimeout(timer)
      signal.removeEventListener("abort", wake)
      wakes.delete(wake)
      if (wakes.size === 0) listeners.delete(id)
      resolve()
    }
    const timer = setTimeout(wake, ms)
    signal.addEventListener("abort", wake, { once: true })
    wakes.add(wake)
    return { woken, stop: wake }
  }

  return {
    async wait({ tenantId, id, timeoutMs, signal }) {
      const endsAt = performance.now() + timeoutMs
      for (;;) {
        // Listening starts before the look, or an end between the two would go unnoticed.
        const remainingMs = Math.max(0, endsAt - performance.now())
        const { woken, stop } = listen(id, Math.min(lookEveryMs, remainingMs), signal)
        const job = await store.find({ tenantId, id })
        if (job === null || isFinal(job) || remainingMs === 0 || signal.aborted || isClosed) {
          stop()
          return job
        }
        await woken
      }
    },
    close() {
      isClosed = true
      unsubscribe()
      wakeAll()
    },
  }
}
