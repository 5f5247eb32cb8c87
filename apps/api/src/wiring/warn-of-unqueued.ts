import type { QueueUnavailableError } from "@sluice/core"
import type { Logger } from "@sluice/runtime"

export interface WarnOfUnqueuedOptions {
  readonly logger: Pick<Logger, "warn">
  /** Between two warnings. Default 5 s. */
  readonly everyMs?: number
  /** Milliseconds on a clock that never goes back. */
  readonly now?: () => number
}

/** Warns of jobs that were stored but did not reach the queue: of the first at once, then of how many there were meanwhile. */
export function createUnqueuedWarning({ logger, everyMs = 5_000, now = () => performance.now() }: WarnOfUnqueuedOptions) {
  let silentUntil = Number.NEGATIVE_INFINITY
  let jobs = 0
  return function warnOfUnqueued({ jobId, error }: { readonly jobId: string; readonly error: QueueUnavailableError }): void {
    jobs += 1
    if (now() < silentUntil) return
    logger.warn({ jobs, jobId, err: error }, "accepted jobs did not reach the queue; a worker's sweep will enqueue them")
    silentUntil = now() + everyMs
    jobs = 0
  }
}
