import {
  type CancelOutcome,
  type Clock,
  type JobQueue,
  type JobSignals,
  type JobStore,
  newEventId,
  noTracer,
  type Tracer,
} from "@sluice/core"
import { traceEnd } from "../trace/trace-end.ts"

export interface CancelJobDependencies {
  readonly store: Pick<JobStore, "cancel">
  readonly queue: Pick<JobQueue, "remove">
  readonly signals: JobSignals
  readonly clock: Clock
  /** Left out: nothing is traced. */
  readonly tracer?: Tracer
}

export type CancelJob = (ref: { readonly tenantId: string; readonly id: string }) => Promise<CancelOutcome>

/**
 * Ends a job at its caller's wish, by one write; from then on no execution can change it. Its running call, if any, is told to
 * stop, and its place in the queue is given up, both best effort. Rejects with `StorageUnavailableError`.
 */
export function createCancelJob({ store, queue, signals, clock, tracer = noTracer }: CancelJobDependencies): CancelJob {
  return async ({ tenantId, id }) => {
    const at = clock()
    const outcome = await store.cancel({ tenantId, id, at, eventId: newEventId({ at }) })
    // Also for one that was cancelled before: whoever did so may have died before it could tell.
    if (outcome.kind === "missing" || outcome.job.status !== "cancelled") return outcome
    if (outcome.kind === "cancelled") traceEnd(tracer, { job: outcome.job, at, ending: { status: "cancelled" } })
    signals.announceCancelled({ id })
    signals.announceFinished({ id })
    // The entry is harmless, since a claim would be refused: nobody waits for its removal.
    void queue.remove(outcome.job).catch(() => undefined)
    return outcome
  }
}
