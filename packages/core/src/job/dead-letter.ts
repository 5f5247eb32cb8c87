import type { DeadLetterKind, DeadLetterResource, DeadLetterState } from "../contract/dead-letter.ts"
import type { JobStatus } from "../contract/job-resource.ts"
import type { Kind } from "../contract/kind.ts"
import type { Priority } from "../contract/submit.ts"
import type { DeadLetterRecord, Discard, Job, JobOptions, JobReplay, OutboxEvent } from "./job.ts"

export interface DeadLetterReplay extends JobReplay {
  /** Null: the run has not ended. */
  readonly outcome: "succeeded" | "failed" | "cancelled" | "expired" | null
}

export interface DeadLetterJob {
  readonly id: string
  readonly route: string
  readonly kind: Kind
  readonly priority: Priority
  readonly expiresInMs: number
  readonly batchId: string | null
}

/** Something that was given up, and what became of it since. */
export interface DeadLetter {
  readonly id: string
  readonly kind: DeadLetterKind
  readonly state: DeadLetterState
  readonly tenantId: string
  /** Null for a delivery that tells of no job. */
  readonly jobId: string | null
  readonly deliveryId: string | null
  /** Of the job; of a delivery how often it was begun. */
  readonly run: number
  readonly route: string | null
  /** What starting a further run of the job takes to know; null for deliveries. */
  readonly job: DeadLetterJob | null
  readonly endpoint: string | null
  readonly error: DeadLetterResource["error"]
  readonly attemptCount: number
  readonly createdAt: Date
  readonly replays: readonly DeadLetterReplay[]
  readonly discarded: Discard | null
}

/** What a job's dead letter is made of. */
export interface DeadJob {
  readonly id: string
  readonly tenantId: string
  readonly status: JobStatus
  readonly run: number
  readonly route: string
  readonly kind: Kind
  readonly batchId: string | null
  readonly options: Pick<JobOptions, "priority" | "expiresInMs">
  readonly attemptCount: number
  readonly events: readonly Pick<OutboxEvent, "run" | "type">[]
  readonly deadLetter: DeadLetterRecord
}

/** A job that has failed is its own dead letter; only the prefix differs. */
export function deadLetterIdOf(job: { readonly id: string }): string {
  return job.id.replace(/^job_/, "dl_")
}

const idOfJob = /^dl_[0-9a-f]{32}$/

/** The inverse of `deadLetterIdOf`; null for the dead letter of a delivery. */
export function jobIdOfDeadLetter(id: string): string | null {
  return idOfJob.test(id) ? id.replace(/^dl_/, "job_") : null
}

/** A delivery that was given up is its own dead letter. */
export function deadLetterIdOfDelivery(delivery: { readonly id: string }): string {
  return `dl_${delivery.id}`
}

/** The inverse of `deadLetterIdOfDelivery`; null for the dead letter of a job. */
export function deliveryIdOfDeadLetter(id: string): string | null {
  return id.startsWith("dl_evt_") ? id.slice("dl_".length) : null
}

export function deadLetterOf({ deadLetter, kind, batchId, options, ...job }: DeadJob): DeadLetter {
  const { at, error, replays, discarded } = deadLetter
  return {
    id: deadLetterIdOf(job),
    kind: "job",
    state: stateOf(job.status, discarded),
    tenantId: job.tenantId,
    jobId: job.id,
    deliveryId: null,
    run: job.run,
    route: job.route,
    job: { id: job.id, route: job.route, kind, priority: options.priority, expiresInMs: options.expiresInMs, batchId },
    endpoint: error.endpoint,
    error: { type: error.type, message: error.message, httpStatus: error.httpStatus },
    attemptCount: job.attemptCount,
    createdAt: at,
    replays: replays.map((replay) => ({ ...replay, outcome: outcomeOfRun(job.events, replay.run) })),
    discarded,
  }
}

/** What a job's dead letter is made of; null for a job of which no run has failed. */
export function deadJobOf(job: Job): DeadJob | null {
  const { deadLetter } = job
  return deadLetter && { ...job, kind: job.work.kind, deadLetter }
}

function stateOf(status: JobStatus, discarded: Discard | null): DeadLetterState {
  switch (status) {
    case "failed":
    case "expired":
      return discarded ? "discarded" : "open"
    case "queued":
    case "running":
      return "replaying"
    case "succeeded":
    case "cancelled":
      return "resolved"
  }
}

/** How a run ended; null: it has not. */
export function outcomeOfRun(events: DeadJob["events"], run: number): DeadLetterReplay["outcome"] {
  const ending = events.find((event) => event.run === run)
  switch (ending?.type) {
    case "job.succeeded":
      return "succeeded"
    case "job.failed":
      return "failed"
    case "job.cancelled":
      return "cancelled"
    case "job.expired":
      return "expired"
    case undefined:
      return null
  }
}

/** A dead letter as the wire shows it; `retentionMs` says how long an open one is kept. */
export function presentDeadLetter(letter: DeadLetter, { retentionMs }: { readonly retentionMs: number }): DeadLetterResource {
  const { id, kind, state, jobId, deliveryId, tenantId, route, endpoint, error, attemptCount, createdAt, discarded } = letter
  return {
    id,
    object: "dead_letter",
    kind,
    state,
    jobId,
    deliveryId,
    tenantId,
    route,
    endpoint,
    error,
    attemptCount,
    createdAt: createdAt.toISOString(),
    purgeAt: new Date(createdAt.getTime() + retentionMs).toISOString(),
    replays: letter.replays.map(({ replayId, run, at, by, outcome }) => ({ replayId, run, at: at.toISOString(), by, outcome })),
    discarded: discarded && { ...discarded, at: discarded.at.toISOString() },
  }
}
