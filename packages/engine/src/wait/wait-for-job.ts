import { isFinal, type Job, type JobStore } from "@sluice/core"
import type { JobWatch } from "./job-watch.ts"

export interface WaitForJobDependencies {
  readonly store: Pick<JobStore, "find">
  readonly watch: JobWatch
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
  /** The job at its end or at the time-out, or as it stands when the watch closes; null when there is no such job. */
  wait(request: WaitForJobRequest): Promise<Job | null>
}

/** Waits for the ends of jobs, for any number of callers at a time. */
export function createJobWaiter({ store, watch }: WaitForJobDependencies): JobWaiter {
  return {
    async wait({ tenantId, id, timeoutMs, signal }) {
      const patience = untilWoken(watch, { id, timeoutMs, signal })
      try {
        for (;;) {
          // It is listened before it is looked, or an end between the two would go unnoticed.
          const woken = patience.next()
          const job = await store.find({ tenantId, id })
          if (job === null || isFinal(job) || patience.isOver()) return job
          await woken
        }
      } finally {
        patience.end()
      }
    },
  }
}

interface Patience {
  /** Resolves when there is reason to look. */
  next(): Promise<void>
  /** Whether the next look is the last. */
  isOver(): boolean
  end(): void
}

function untilWoken(watch: JobWatch, { id, timeoutMs, signal }: Omit<WaitForJobRequest, "tenantId">): Patience {
  let isOver = timeoutMs <= 0 || signal.aborted
  let wake = (): void => undefined
  const giveUp = (): void => {
    isOver = true
    wake()
  }
  const timer = setTimeout(giveUp, timeoutMs)
  const stopWatching = watch.watch(id, ({ kind }) => {
    if (kind === "ended") wake()
    if (kind === "closed") giveUp()
  })
  signal.addEventListener("abort", giveUp, { once: true })
  return {
    next() {
      const { promise, resolve } = Promise.withResolvers<void>()
      wake = resolve
      return promise
    },
    isOver: () => isOver,
    end() {
      clearTimeout(timer)
      stopWatching()
      signal.removeEventListener("abort", giveUp)
    },
  }
}
