import type { JobExecution, JobSignals, JobStore } from "@sluice/core"

/** Aborts a call whose result nobody wants: the job was cancelled or has expired, or another execution has taken it over. */
export class ExecutionOvertaken extends Error {
  constructor() {
    super("The execution holds its job no longer")
    this.name = "ExecutionOvertaken"
  }
}

export interface RunningExecution {
  /** Aborted with the worker's own signal, and with `ExecutionOvertaken` when the job is no longer this execution's. */
  readonly signal: AbortSignal
  /** The claim was made: from now on the store can tell whether it still holds. */
  claimed(): void
  end(): void
}

export interface RunningExecutions {
  /** To be called before the claim, so that no cancellation falls between the two. */
  begin(execution: JobExecution, signal: AbortSignal): RunningExecution
  /** Whether this execution is under way, or about to be claimed. */
  has(execution: JobExecution): boolean
  /** Asks the store which of the claimed executions hold their job no longer, and aborts those. */
  look(): Promise<void>
  /** Ends the subscription. */
  close(): void
}

interface Entry {
  readonly execution: JobExecution
  readonly controller: AbortController
  isClaimed: boolean
}

export interface RunningExecutionsDependencies {
  readonly store: Pick<JobStore, "findOvertaken">
  readonly signals: Pick<JobSignals, "onCancelled">
}

/**
 * What a worker executes at this moment, so that it can be stopped: at once by a signal, which is best effort, and at the next
 * look at the store in any case.
 */
export function createRunningExecutions({ store, signals }: RunningExecutionsDependencies): RunningExecutions {
  const running = new Map<string, Set<Entry>>()
  const unsubscribe = signals.onCancelled(({ id }) => {
    for (const { controller } of running.get(id) ?? []) controller.abort(new ExecutionOvertaken())
  })

  return {
    begin(execution, signal) {
      const entry: Entry = { execution, controller: new AbortController(), isClaimed: false }
      const ofJob = running.get(execution.id) ?? new Set()
      running.set(execution.id, ofJob.add(entry))
      return {
        signal: AbortSignal.any([signal, entry.controller.signal]),
        claimed() {
          entry.isClaimed = true
        },
        end() {
          ofJob.delete(entry)
          if (ofJob.size === 0) running.delete(execution.id)
        },
      }
    },
    has: ({ id, run, token }) => [...(running.get(id) ?? [])].some(({ execution }) => execution.run === run && execution.token === token),
    async look() {
      const claimed = [...running.values()].flatMap((entries) => [...entries]).filter(({ isClaimed }) => isClaimed)
      if (claimed.length === 0) return
      const overtaken = new Set(await store.findOvertaken(claimed.map(({ execution }) => execution)))
      for (const { execution, controller } of claimed) if (overtaken.has(execution)) controller.abort(new ExecutionOvertaken())
    },
    close: unsubscribe,
  }
}
