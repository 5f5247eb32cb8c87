import { isFinal, type Job, type JobGlance, type LiveUpdate } from "@sluice/core"
import { forgetExecution, type LiveView, seeGlance, seeJob, seeUpdate, viewOf } from "./live-view.ts"

/** How soon an execution may be asked again for all that it has. */
const askAgainMs = 1_000

export interface JobRoomDependencies {
  /** The job, and the text of its output where it has one; null when it is gone. */
  readonly load: (ref: { readonly tenantId: string; readonly id: string }) => Promise<{ job: Job; text: string | null } | null>
  /** Has the execution tell everything. */
  readonly ask: (jobId: string) => void
  readonly monotonicMs: () => number
}

/** What is known of one job in this process, for all who read its events here. */
export interface JobRoom {
  /** Null until the first `look`. */
  readonly view: LiveView | null
  /** Nothing more will come: the job is gone, or this process closes. */
  readonly isClosed: boolean
  /** Asks the store. Rejects with `StorageUnavailableError`. */
  look(ref: { readonly tenantId: string; readonly id: string }): Promise<Job | null>
  hear(update: LiveUpdate): void
  glimpse(glance: JobGlance): void
  close(): void
  /** Calls `wake` after each change, until the returned function is called. */
  onChange(wake: () => void): () => void
}

export function createJobRoom({ load, ask, monotonicMs }: JobRoomDependencies): JobRoom {
  const wakes = new Set<() => void>()
  /** Executions that another has followed: what they still tell is of no interest. */
  const followed = new Set<string>()
  let execution: string | null = null
  let askedAtMs = Number.NEGATIVE_INFINITY
  let view: LiveView | null = null
  let isClosed = false

  const changed = (): void => {
    for (const wake of wakes) wake()
  }
  function askForMissing(jobId: string): void {
    const nowMs = monotonicMs()
    if (nowMs - askedAtMs < askAgainMs) return
    askedAtMs = nowMs
    ask(jobId)
  }
  function follow(next: string, seen: LiveView): void {
    if (execution === next) return
    if (execution !== null) {
      followed.add(execution)
      forgetExecution(seen)
    }
    execution = next
  }

  return {
    get view() {
      return view
    },
    get isClosed() {
      return isClosed
    },
    async look(ref) {
      const loaded = await load(ref)
      if (loaded === null) return null
      const { job, text } = loaded
      if (view?.run === job.run) seeJob(view, job, text)
      else if (!view || view.run < job.run) view = viewOf(job, text)
      if (isFinal(job)) execution = null
      changed()
      return job
    },
    hear(update) {
      if (!view || view.run !== update.run || followed.has(update.execution)) return
      follow(update.execution, view)
      if (!seeUpdate(view, update)) askForMissing(update.jobId)
      changed()
    },
    glimpse(glance) {
      if (!view || view.run !== glance.run) return
      seeGlance(view, glance)
      changed()
    },
    close() {
      isClosed = true
      changed()
    },
    onChange(wake) {
      wakes.add(wake)
      return () => void wakes.delete(wake)
    },
  }
}
