import {
  type Job,
  type JobQueue,
  type JobStore,
  type OutstandingJob,
  type QueuedJob,
  type QueueEntry,
  QueueUnavailableError,
} from "@sluice/core"
import type { BudgetExhausted, CheckBudget } from "../budget/check-budget.ts"
import { enqueueHorizonMs } from "./enqueue-due-at.ts"
import { createPrepareJob, type PrepareJobDependencies, type PrepareJobRequest, type SubmissionFault } from "./prepare-job.ts"

export interface SubmitJobDependencies extends PrepareJobDependencies {
  readonly store: JobStore
  readonly queue: JobQueue
  readonly checkBudget: CheckBudget
  /** Told when a job was stored but could not be enqueued: the sweep will do it. */
  readonly onEnqueueFailed: (failure: { readonly jobId: string; readonly error: QueueUnavailableError }) => void
}

export type SubmitJobRequest = PrepareJobRequest

export type SubmitJobOutcome =
  | { readonly kind: "accepted"; readonly job: QueuedJob }
  /** The same key and body were sent before. */
  | { readonly kind: "replayed"; readonly job: Job }
  | { readonly kind: "key_reused"; readonly jobId: string }
  | SubmissionFault
  | BudgetExhausted

export type SubmitJob = (request: SubmitJobRequest) => Promise<SubmitJobOutcome>

/**
 * Stores the job with majority write concern, then puts it in the queue. Once it is stored it is accepted: a queue that
 * does not answer delays it, no more. Rejects with `StorageUnavailableError` when it could not be stored.
 */
export function createSubmitJob(dependencies: SubmitJobDependencies): SubmitJob {
  const { store } = dependencies
  const prepare = createPrepareJob(dependencies)
  return async (request) => {
    const prepared = prepare(request)
    if (prepared.kind !== "prepared") return prepared
    const { job } = prepared
    const exhausted = await dependencies.checkBudget(job)
    if (exhausted) return (await ofSameKey(store, job)) ?? exhausted
    const inserted = await store.insert(job)
    if (inserted.kind === "existing") return submittedBefore(inserted.job, job)
    await enqueue(dependencies, [job])
    return { kind: "accepted", job }
  }
}

/** What was accepted before is answered as before, whatever has become of the budget since. */
async function ofSameKey(store: JobStore, job: QueuedJob): Promise<SubmitJobOutcome | null> {
  const { tenantId, idempotencyKey } = job
  const holder = idempotencyKey === null ? null : await store.findByKey({ tenantId, idempotencyKey, at: job.createdAt })
  return holder && submittedBefore(holder, job)
}

function submittedBefore(before: Job, job: QueuedJob): SubmitJobOutcome {
  return before.requestHash === job.requestHash ? { kind: "replayed", job: before } : { kind: "key_reused", jobId: before.id }
}

export type EnqueueDependencies = Pick<SubmitJobDependencies, "queue" | "clock" | "tenants" | "onEnqueueFailed">

/** Puts jobs in the queue that were stored; what is due much later stays in the store until its time is near. */
export async function enqueue({ queue, clock, tenants, onEnqueueFailed }: EnqueueDependencies, jobs: readonly QueuedJob[]): Promise<void> {
  const horizonMs = clock().getTime() + enqueueHorizonMs
  const near = jobs.filter(({ notBefore }) => notBefore === null || notBefore.getTime() <= horizonMs)
  if (near.length === 0) return
  try {
    await queue.enqueue(near.map((job) => queueEntryOf(job, { tenants })))
  } catch (error) {
    if (!(error instanceof QueueUnavailableError)) throw error
    for (const { id: jobId } of near) onEnqueueFailed({ jobId, error })
  }
}

/** What the queue needs to know of a job; a tenant's weight is its share of the workers among tenants that compete. */
export function queueEntryOf(job: Omit<OutstandingJob, "waiting">, { tenants }: Pick<SubmitJobDependencies, "tenants">): QueueEntry {
  const { id, run, route, tenantId, notBefore } = job
  const { weight } = tenants.settingsOf(tenantId)
  return { id, run, route, tenantId, priority: job.options.priority, notBefore, ...(weight !== undefined && { weight }) }
}
