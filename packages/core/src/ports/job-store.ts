import type { JobStatus, Quality, TierName } from "../contract/job-resource.ts"
import type { ErrorType } from "../errors/error-type.ts"
import type { Claim, Job, JobBase, JobOptions, QueuedJob, RunningJob, Waiting } from "../job/job.ts"
import type { Ending, ExecutionRef, HandBack, Refusal, Replaying } from "../job/transition.ts"
import type { EndedWait } from "../job/waits.ts"

/** What became of an insert. A job found under the same idempotency key is returned instead of a second one. */
export type InsertOutcome = { readonly kind: "inserted" } | { readonly kind: "existing"; readonly job: Job }

export type ClaimOutcome =
  | { readonly kind: "claimed"; readonly job: RunningJob }
  /** To be executed later: hand the queue entry back until then. */
  | { readonly kind: "not_due"; readonly notBefore: Date }
  /** Finished, of another run, or not there: the queue entry has nothing to say any more. */
  | { readonly kind: "gone" }

export type WriteOutcome = { readonly applied: true } | { readonly applied: false; readonly refusal: Refusal | "missing" }

export type CancelOutcome =
  | { readonly kind: "cancelled"; readonly job: Job }
  | { readonly kind: "already_final"; readonly job: Job }
  | { readonly kind: "missing" }

/**
 * What keeps a job from being removed: it has not ended, its end has not been fanned out, its dead letter is open, an event of
 * it is still being delivered, or was given up and nobody has dealt with that dead letter, or what it has used is not in the books.
 */
export type RemovalObstacle = "unfinished" | "untold" | "dead_letter_open" | "delivery_pending" | "delivery_given_up" | "unaccounted"

export type RemoveOutcome = "removed" | "missing" | RemovalObstacle

/** A job in line, without its input: as much as puts it in the queue. */
export interface OutstandingJob extends Pick<QueuedJob, "id" | "run" | "route" | "tenantId" | "notBefore" | "waiting"> {
  readonly options: Pick<JobOptions, "priority">
}

/** What lines of the log and spans say of a job. */
export type JobFacts = Pick<JobBase, "id" | "run" | "route" | "tenantId" | "batchId" | "traceparent" | "requestId">

/** An unfinished job past its deadline, without its input. */
export interface OverdueJob extends JobFacts, Pick<JobBase, "createdAt" | "deadline"> {
  readonly status: "queued" | "running"
  readonly waiting: Waiting | null
}

/** How a job is, in a few words. */
export interface JobGlance extends Pick<JobBase, "id" | "run" | "startedAt"> {
  readonly status: JobStatus
  /** Only of a job in line. */
  readonly waiting: Waiting | null
}

/** What `endedWait` says of the job that is written. */
export interface WaitedBefore {
  readonly waited?: EndedWait | null
}

export interface JobExecution extends ExecutionRef {
  readonly id: string
}

export interface JobFilter {
  readonly tenantId: string
  readonly statuses?: readonly JobStatus[] | undefined
  readonly route?: string | undefined
  readonly errorType?: ErrorType | undefined
  readonly tier?: TierName | undefined
  readonly quality?: Quality | undefined
  readonly batchId?: string | undefined
  readonly metadata?: Readonly<Record<string, string>> | undefined
  readonly createdAfter?: Date | undefined
  readonly createdBefore?: Date | undefined
}

/** Newest first; `before` is the id of the last job of the previous page. */
export interface JobPageRequest {
  readonly filter: JobFilter
  readonly before: string | null
  readonly limit: number
}

/**
 * Where jobs are safe. Each write is one atomic conditional write with the conditions and effects of `transition`.
 * Every method rejects with `StorageUnavailableError` when the database does not acknowledge in time; concurrent calls
 * may travel together.
 */
export interface JobStore {
  /** Resolves once the job is stored with majority write concern. Inserting the same id again is `inserted`. */
  insert(job: QueuedJob): Promise<InsertOutcome>
  claim(request: { readonly id: string; readonly run: number; readonly claim: Claim }): Promise<ClaimOutcome>
  handBack(request: { readonly id: string } & ExecutionRef & HandBack): Promise<WriteOutcome>
  finish(request: { readonly id: string } & ExecutionRef & { readonly ending: Ending }): Promise<WriteOutcome>
  abandon(request: {
    readonly id: string
    readonly run: number
    /** Only while this execution holds the claim; left out: whatever the job does. */
    readonly token?: string | undefined
    readonly ending: Extract<Ending, { error: unknown }>
  }): Promise<WriteOutcome>
  /** Puts a job back in line whose execution was lost with its worker. */
  rescue(request: JobExecution & WaitedBefore & { readonly at: Date }): Promise<WriteOutcome>
  /** Says what a job in line waits for, or that it no longer does, without touching its place. */
  park(request: WaitedBefore & { readonly id: string; readonly run: number; readonly waiting: Waiting | null }): Promise<WriteOutcome>
  /** Lets a job in line go on at once that was to wait. */
  resume(request: WaitedBefore & { readonly id: string; readonly run: number; readonly at: Date }): Promise<WriteOutcome>
  /** Starts the next run of what failed or expired, once its end has been fanned out. Doing so again with the same replay and run is `applied` too. */
  replay(request: { readonly id: string; readonly run: number } & Replaying): Promise<WriteOutcome>
  cancel(request: { readonly tenantId: string; readonly id: string; readonly at: Date; readonly eventId: string }): Promise<CancelOutcome>
  find(request: { readonly tenantId: string; readonly id: string }): Promise<Job | null>
  /** How these jobs of whatever tenants are; those that are not there are left out. */
  glance(ids: readonly string[]): Promise<readonly JobGlance[]>
  /** The job that holds an idempotency key at that time. */
  findByKey(request: { readonly tenantId: string; readonly idempotencyKey: string; readonly at: Date }): Promise<Job | null>
  list(request: JobPageRequest): Promise<readonly Job[]>
  /** Of these executions, those that hold their job no longer: it was cancelled, expired, taken over or removed. */
  findOvertaken(executions: readonly JobExecution[]): Promise<readonly JobExecution[]>
  /** Null: it may be removed. */
  findRemovalObstacle(request: { readonly tenantId: string; readonly id: string }): Promise<RemovalObstacle | "missing" | null>
  /** Removes a job that has no such obstacle, with its deliveries. What belongs to it elsewhere is removed before. */
  remove(request: { readonly tenantId: string; readonly id: string }): Promise<RemoveOutcome>
  /** Queued jobs of all tenants that a sweep has to put in the queue by now, the longest due first. */
  findDueToEnqueue(request: { readonly at: Date; readonly limit: number }): Promise<readonly OutstandingJob[]>
  /**
   * They are in the queue: no sweep need look at them before they have been claimed. One that has become due anew since, after
   * `at`, is left alone.
   */
  markEnqueued(jobs: readonly { readonly id: string; readonly run: number; readonly at: Date }[]): Promise<void>
  /** Unfinished jobs of all tenants past their deadline, the longest past first. */
  findPastDeadline(request: { readonly at: Date; readonly limit: number }): Promise<readonly OverdueJob[]>
  /** Jobs of all tenants with an event from before `at` that is not marked as fanned out. */
  findToFanOut(request: { readonly at: Date; readonly limit: number }): Promise<readonly Job[]>
  /** A delivery exists for each target of these events. */
  markFannedOut(events: readonly { readonly jobId: string; readonly eventId: string }[]): Promise<void>
}
