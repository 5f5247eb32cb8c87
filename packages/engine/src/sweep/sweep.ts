import {
  type Clock,
  isFinal,
  type Job,
  type JobError,
  type JobQueue,
  type JobSignals,
  type JobStore,
  type LeaseStore,
  newEventId,
  type QueuedJob,
  QueueUnavailableError,
} from "@sluice/core"
import type { Catalog } from "../catalog.ts"
import type { ExecutionObserver } from "../execute/execution-observer.ts"
import { deadlineExceeded } from "../execute/job-errors.ts"
import { queueEntryOf } from "../submit/submit-job.ts"

export interface SweepDependencies {
  readonly store: JobStore
  readonly queue: JobQueue
  readonly signals: JobSignals
  readonly leases: LeaseStore
  readonly catalog: () => Pick<Catalog, "tenants">
  readonly clock: Clock
  /** Who sweeps: one process at a time does. */
  readonly holder: string
  readonly observer: Pick<ExecutionObserver, "jobEnded">
}

export interface SweepReport {
  /** False: another process sweeps. */
  readonly led: boolean
  readonly enqueued: number
  readonly expired: number
}

const leaseName = "sweep"
const leaseTtlMs = 15_000
const batchSize = 1_000
/** A running job's own execution ends it at its deadline; the sweep is for those whose execution is no more. */
const runningGraceMs = 5_000

/**
 * One look at the store for what nobody else attends to: jobs that never reached the queue, or whose time has come
 * near, are enqueued; jobs past their deadline expire. Each repair is a conditional write, safe under two sweepers.
 */
export function createSweep(dependencies: SweepDependencies): () => Promise<SweepReport> {
  const { leases, holder } = dependencies
  return async () => {
    const led = await leases.acquire({ name: leaseName, holder, ttlMs: leaseTtlMs })
    if (!led) return { led, enqueued: 0, expired: 0 }
    const expired = await expireOverdue(dependencies)
    const enqueued = await enqueueDue(dependencies)
    return { led, enqueued, expired }
  }
}

async function enqueueDue({ store, queue, clock, catalog }: SweepDependencies): Promise<number> {
  const due = await store.findDueToEnqueue({ at: clock(), limit: batchSize })
  if (due.length === 0) return 0
  try {
    await queue.enqueue(due.map((job) => queueEntryOf(job, catalog())))
  } catch (error) {
    if (error instanceof QueueUnavailableError) return 0
    throw error
  }
  await store.markEnqueued(due)
  return due.length
}

async function expireOverdue({ store, queue, signals, clock, observer }: SweepDependencies): Promise<number> {
  const now = clock()
  const overdue = await store.findPastDeadline({ at: now, limit: batchSize })
  const outcomes = await Promise.all(
    overdue.map(async (job) => {
      if (isFinal(job) || isLeftToItsExecution(job, now)) return false
      const ending = { status: "expired", at: now, eventId: newEventId({ at: now }), attempts: [], error: expiryOf(job, now) } as const
      const { applied } = await store.abandon({ id: job.id, run: job.run, ending })
      if (!applied) return false
      signals.announceFinished({ id: job.id })
      observer.jobEnded({ job, ending })
      // The entry is harmless: a claim would be refused. It only should not lie about until its turn.
      await queue.remove(job).catch(() => undefined)
      return true
    }),
  )
  return outcomes.filter(Boolean).length
}

function isLeftToItsExecution(job: Job, now: Date): boolean {
  return job.status === "running" && now.getTime() - job.deadline.getTime() < runningGraceMs
}

function expiryOf(job: Job, now: Date): JobError {
  return deadlineExceeded({ createdAt: job.createdAt, now, lastCause: waitingOf(job) })
}

function waitingOf(job: Job): QueuedJob["waiting"] {
  return job.status === "queued" ? job.waiting : null
}
