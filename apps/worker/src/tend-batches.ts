import type { Batch, JobQueue, JobSignals, Tracer } from "@sluice/core"
import { createCancelJob, createTendBatches, type FanOut, runPeriodically } from "@sluice/engine"
import type { Logger, Releasers } from "@sluice/runtime"
import type { Store } from "@sluice/store"
import { originFields } from "./job-fields.ts"
import { retireFiles } from "./retire-files.ts"

export interface TendBatchesOptions {
  readonly store: Pick<Store, "jobs" | "batches" | "batchJobs" | "leases" | "files" | "blobs">
  readonly queue: JobQueue
  readonly signals: JobSignals
  readonly raise: FanOut["raise"]
  readonly workerId: string
  readonly logger: Logger
  readonly tracer: Tracer
  readonly releasers: Releasers
  /** Aborted when the process shuts down. */
  readonly signal: AbortSignal
}

const everyMs = 1_000

/** Takes this process's turns at looking after batches, and after the files that some are made of, until the signal. */
export function tendBatches({ store, queue, signals, raise, workerId, logger, tracer, releasers, signal }: TendBatchesOptions): void {
  const clock = () => new Date()
  const tend = createTendBatches({
    batches: store.batches,
    batchJobs: store.batchJobs,
    leases: store.leases,
    cancelJob: createCancelJob({ store: store.jobs, queue, signals, clock, tracer }),
    raise,
    clock,
    holder: workerId,
    observer: {
      completed: ({ batch, counts }) => logger.info({ ...fieldsOf(batch), counts }, "batch completed"),
      abandoned: ({ batch }) => logger.warn(fieldsOf(batch), "nothing was added to the batch for a day; it is closed"),
      troubled: ({ batchId, error }) => logger.warn({ batchId, err: error }, "a batch could not be looked after; it is tried again"),
    },
  })
  const onError = (error: unknown) => logger.warn({ err: error }, "batches could not be looked after; it is tried again")
  const tending = runPeriodically(tend, { everyMs, signal, onError })
  releasers.push({ name: "batches", release: () => tending })
  retireFiles({ store, logger, releasers, signal })
}

function fieldsOf({ id, tenantId, ...origin }: Batch) {
  return { batchId: id, tenantId, ...originFields(origin) }
}
