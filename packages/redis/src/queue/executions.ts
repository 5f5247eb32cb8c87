import type { ProcessOutcome } from "@sluice/core"
import { startDeadline } from "../connection/start-deadline.ts"
import { WorkerDraining } from "./worker-draining.ts"

export interface Executions {
  /** Runs the work with a signal of its own; settles as the work does, or as `again` when it does not heed its signal. */
  run(work: (signal: AbortSignal) => Promise<ProcessOutcome>, onAbandoned: () => void): Promise<ProcessOutcome>
  /** Aborts every signal with `WorkerDraining`. What still runs `abortGraceMs` later is abandoned. */
  abortAll(): void
  /** Resolves when nothing runs. */
  idle(): Promise<void>
}

interface Execution {
  readonly abort: () => void
  readonly outcome: Promise<ProcessOutcome>
}

/** What a worker works on at this moment. */
export function createExecutions({ abortGraceMs }: { readonly abortGraceMs: number }): Executions {
  const running = new Set<Execution>()

  const begin = (work: (signal: AbortSignal) => Promise<ProcessOutcome>, onAbandoned: () => void): Execution => {
    const controller = new AbortController()
    const abandoned = Promise.withResolvers<ProcessOutcome>()
    let cancelDeadline = (): void => {}
    const abandon = (): void => {
      onAbandoned()
      abandoned.resolve({ kind: "again", at: null })
    }
    const settle = async (): Promise<ProcessOutcome> => {
      try {
        return await Promise.race([work(controller.signal), abandoned.promise])
      } finally {
        cancelDeadline()
      }
    }
    const abort = (): void => {
      cancelDeadline = startDeadline(abortGraceMs, abandon)
      controller.abort(new WorkerDraining())
    }
    return { abort, outcome: settle() }
  }
  return {
    run: async (work, onAbandoned) => {
      const execution = begin(work, onAbandoned)
      running.add(execution)
      try {
        return await execution.outcome
      } finally {
        running.delete(execution)
      }
    },
    abortAll: () => {
      for (const execution of running) execution.abort()
    },
    idle: async () => {
      while (running.size > 0) await Promise.allSettled(Array.from(running, (execution) => execution.outcome))
    },
  }
}
