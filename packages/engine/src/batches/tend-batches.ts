import type { Batch, BatchCounts, BatchJobs, BatchStore, Clock, LeaseStore } from "@sluice/core"
import type { CancelJob } from "../cancel/cancel-job.ts"
import type { FanOut } from "../deliver/fan-out.ts"
import { batchEvent } from "./batch-event.ts"
import { cancelJobsOf } from "./cancel-batch.ts"
import { createRetireBatches } from "./retire-batches.ts"

export interface BatchObserver {
  completed(event: { readonly batch: Batch; readonly counts: BatchCounts }): void
  /** Nobody added to it, or closed it, for a day. */
  abandoned(event: { readonly batch: Batch }): void
  /** One could not be looked after; it is tried again. */
  troubled(event: { readonly batchId: string; readonly error: unknown }): void
}

export interface TendBatchesDependencies {
  readonly batches: BatchStore
  readonly batchJobs: BatchJobs
  readonly leases: LeaseStore
  readonly cancelJob: CancelJob
  readonly raise: FanOut["raise"]
  readonly clock: Clock
  /** Who does it: one process at a time. */
  readonly holder: string
  readonly observer: BatchObserver
}

const leaseName = "batches"
const leaseTtlMs = 30_000
/** Of one look. What is left has not been counted for the longest time, and is first at the next. */
const maxActive = 50
const countEveryMs = 5_000
const cancelledAtOnce = 1_000
/** A submission that has said that it goes on has stored what it meant by then, or has failed. */
const addingMs = 60_000
const dayMs = 86_400_000

/**
 * One look after the batches: counts them, ends the jobs of cancelled ones, completes those whose jobs have all ended, tells
 * of it, and removes those whose jobs have gone. Everything is counted from the jobs and written conditionally, so it may stop
 * anywhere, be done twice, and be done by two at once.
 */
export function createTendBatches(dependencies: TendBatchesDependencies): () => Promise<{ readonly led: boolean }> {
  const { batches, leases, holder, observer } = dependencies
  const retire = createRetireBatches(dependencies)
  return async () => {
    const led = await leases.acquire({ name: leaseName, holder, ttlMs: leaseTtlMs })
    if (!led) return { led }
    for (const batch of await batches.findActive({ limit: maxActive })) {
      try {
        await tend(dependencies, batch)
      } catch (error) {
        observer.troubled({ batchId: batch.id, error })
      }
    }
    await retire()
    return { led }
  }
}

async function tend(dependencies: TendBatchesDependencies, batch: Batch): Promise<void> {
  const { batchJobs, batches, clock } = dependencies
  const { id, tenantId, completedAt } = batch
  if (completedAt !== null && !batch.isAnnounced) await announce(dependencies, { ...batch, completedAt })
  if (completedAt === null && batch.cancelRequestedAt !== null) await cancelJobsOf(dependencies, batch, { max: cancelledAtOnce })
  if (isAbandoned(batch, clock())) {
    await batches.close({ tenantId, id, submission: batch.submission })
    dependencies.observer.abandoned({ batch })
  }
  const ref = { tenantId, batchId: id }
  if (!(await batchJobs.hasUnfinished(ref))) return await finish(dependencies, batch)
  const at = clock()
  if (at.getTime() - batch.countedAt.getTime() >= countEveryMs) await batches.recordCounts({ id, counts: await batchJobs.count(ref), at })
}

/** No job of it is unfinished: it ends, or is looked after no longer. */
async function finish(dependencies: TendBatchesDependencies, batch: Batch): Promise<void> {
  const { batchJobs, batches, clock, observer } = dependencies
  const { id, tenantId, completedAt } = batch
  const counts = await batchJobs.count({ tenantId, batchId: id })
  const at = clock()
  if (completedAt !== null) return await batches.settle({ id, counts, at })
  if (!mayComplete(batch, at)) return await batches.recordCounts({ id, counts, at })
  if (!(await batches.complete({ batch, counts, at }))) return
  observer.completed({ batch, counts })
  await announce(dependencies, { ...batch, counts, completedAt: at })
}

function mayComplete({ isClosed, cancelRequestedAt, addedAt }: Batch, now: Date): boolean {
  return isClosed || (cancelRequestedAt !== null && now.getTime() - addedAt.getTime() >= addingMs)
}

function isAbandoned({ isClosed, cancelRequestedAt, completedAt, addedAt }: Batch, now: Date): boolean {
  return !isClosed && cancelRequestedAt === null && completedAt === null && now.getTime() - addedAt.getTime() >= dayMs
}

async function announce({ batches, raise }: TendBatchesDependencies, batch: Batch & { readonly completedAt: Date }): Promise<void> {
  await raise(batchEvent(batch))
  await batches.markAnnounced({ id: batch.id })
}
