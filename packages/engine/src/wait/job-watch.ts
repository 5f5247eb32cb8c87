import type { JobGlance, JobSignals, JobStore } from "@sluice/core"
import { isFinalStatus } from "./is-final-status.ts"

export interface JobWatchDependencies {
  readonly store: Pick<JobStore, "glance">
  readonly signals: Pick<JobSignals, "onFinished">
  /** Signals are best effort, so the store is asked now and then too: once for all jobs that are watched. Default 2 s. */
  readonly lookEveryMs?: number
}

export type JobNews =
  /** It has probably ended, or is gone: look. */
  | { readonly kind: "ended" }
  /** As it was a moment ago. */
  | { readonly kind: "glance"; readonly glance: JobGlance }
  /** This process stops watching. */
  | { readonly kind: "closed" }

export interface JobWatch {
  /** Tells of the job until the returned function is called. After `close` it tells only of that. */
  watch(id: string, listener: (news: JobNews) => void): () => void
  /** Tells everyone, and ends the subscription. */
  close(): void
}

/** Watches over jobs for all who wait in this process: one subscription, and one look at the store at a time. */
export function createJobWatch({ store, signals, lookEveryMs = 2_000 }: JobWatchDependencies): JobWatch {
  const listeners = new Map<string, Set<(news: JobNews) => void>>()
  let timer: NodeJS.Timeout | undefined
  let isClosed = false

  function tell(id: string, news: JobNews): void {
    for (const listener of listeners.get(id) ?? []) listener(news)
  }
  const unsubscribe = signals.onFinished(({ id }) => tell(id, { kind: "ended" }))

  async function look(): Promise<void> {
    const ids = [...listeners.keys()]
    const found = new Map((await store.glance(ids)).map((glance) => [glance.id, glance]))
    for (const id of ids) {
      const glance = found.get(id)
      tell(id, glance && !isFinalStatus(glance.status) ? { kind: "glance", glance } : { kind: "ended" })
    }
  }
  function lookLater(): void {
    if (timer !== undefined || isClosed || listeners.size === 0) return
    timer = setTimeout(() => {
      // While the database does not answer there is nothing to tell; who waits for it too long is told when asking itself.
      look()
        .catch(() => undefined)
        .finally(() => {
          timer = undefined
          lookLater()
        })
    }, lookEveryMs)
  }

  return {
    watch(id, listener) {
      const ofJob = listeners.get(id) ?? new Set()
      listeners.set(id, ofJob.add(listener))
      if (isClosed) queueMicrotask(() => listener({ kind: "closed" }))
      else lookLater()
      return () => {
        ofJob.delete(listener)
        if (ofJob.size === 0 && listeners.get(id) === ofJob) listeners.delete(id)
      }
    },
    close() {
      isClosed = true
      clearTimeout(timer)
      unsubscribe()
      for (const id of [...listeners.keys()]) tell(id, { kind: "closed" })
    },
  }
}
