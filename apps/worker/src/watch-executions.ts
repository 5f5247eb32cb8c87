import type { JobSignals, JobStore } from "@sluice/core"
import { createRunningExecutions, type RunningExecutions, runPeriodically } from "@sluice/engine"
import type { Logger } from "@sluice/runtime"

/** How soon a running call ends at the latest whose job is no longer its own. */
const lookEveryMs = 1_000

export interface WatchExecutionsOptions {
  readonly store: JobStore
  readonly signals: JobSignals
  readonly logger: Logger
}

export interface WatchedExecutions {
  readonly running: RunningExecutions
  /** To be called when nothing is executed any more. */
  stop(): Promise<void>
}

/** Watches over what this worker executes, so that nothing goes on for a job that was cancelled, has expired or was taken over. */
export function watchExecutions({ store, signals, logger }: WatchExecutionsOptions): WatchedExecutions {
  const running = createRunningExecutions({ store, signals })
  const stopping = new AbortController()
  const looking = runPeriodically(running.look, {
    everyMs: lookEveryMs,
    signal: stopping.signal,
    onError: (error) => logger.warn({ err: error }, "cancelled jobs could not be looked for; it is tried again"),
  })
  return {
    running,
    async stop() {
      stopping.abort()
      await looking
      running.close()
    },
  }
}
