import type { JobScans, JobSignals, JobStore } from "@sluice/core"
import { createReturnStrays, createRunningExecutions, type RunningExecutions, runPeriodically } from "@sluice/engine"
import type { Logger } from "@sluice/runtime"

/** How soon a running call ends at the latest whose job is no longer its own. */
const lookEveryMs = 1_000

/** How often a worker asks whether it holds jobs that it does not execute. */
const straysEveryMs = 5_000

export interface WatchExecutionsOptions {
  readonly store: JobStore
  readonly scans: JobScans
  readonly workerId: string
  readonly signals: JobSignals
  readonly logger: Logger
}

export interface WatchedExecutions {
  readonly running: RunningExecutions
  /** To be called when nothing is executed any more. */
  stop(): Promise<void>
}

/**
 * Watches over what this worker executes, so that nothing goes on for a job that was cancelled, has expired or was taken over,
 * and that it holds no job which it does not execute.
 */
export function watchExecutions({ store, scans, workerId, signals, logger }: WatchExecutionsOptions): WatchedExecutions {
  const running = createRunningExecutions({ store, signals })
  const stopping = new AbortController()
  const looking = runPeriodically(running.look, {
    everyMs: lookEveryMs,
    signal: stopping.signal,
    onError: (error) => logger.warn({ err: error }, "cancelled jobs could not be looked for; it is tried again"),
  })
  const returnStrays = createReturnStrays({ store, scans, running, clock: () => new Date(), workerId })
  const returning = runPeriodically(
    async () => {
      const returned = await returnStrays()
      if (returned > 0) logger.warn({ returned }, "jobs were claimed and not executed; they are back in line")
    },
    {
      everyMs: straysEveryMs,
      signal: stopping.signal,
      onError: (error) => logger.warn({ err: error }, "jobs that are not executed could not be looked for; it is tried again"),
    },
  )
  return {
    running,
    async stop() {
      stopping.abort()
      await Promise.all([looking, returning])
      running.close()
    },
  }
}
