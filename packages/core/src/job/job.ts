import type { Work } from "../contract/input.ts"
import type { Cost, JobError, Provenance, TierName, Usage } from "../contract/job-resource.ts"
import type { Json } from "../contract/scalars.ts"
import type { CacheUse, Fallback, Metadata, Priority } from "../contract/submit.ts"
import type { finalEventTypes, jobEventTypes, WaitingReason } from "../contract/vocabulary.ts"
import type { ErrorType, ProviderErrorType } from "../errors/error-type.ts"
import type { CredentialOwner } from "../usage/usage-row.ts"
import type { EndedWait } from "./waits.ts"

/** The shape in which jobs are written now. Older ones are upgraded when they are read. */
export const jobSchemaVersion = 1

/** Options with their defaults filled in: what was decided at submission stays decided. */
export interface JobOptions {
  readonly priority: Priority
  readonly runAt: Date | null
  readonly expiresInMs: number
  readonly fallback: Fallback
  /** Null: the route decides. */
  readonly degradeAfterMs: number | null
  readonly cache: CacheUse
  readonly cacheKey: string | null
  readonly task: string | null
  readonly maxCostUsd: number | null
  readonly affinityKey: string | null
  /** The job's own, its route's or its tenant's; null: the installation's, by how it ends. */
  readonly retainMs: number | null
  /** The one tier that may answer: a drill of that tier. Absent: whichever the route and `fallback` allow. */
  readonly onlyTier?: TierName
  /** The one endpoint that may be called, of whatever tier: a replay chose it. Absent: whichever the route has. */
  readonly onlyEndpoint?: string
}

export interface JobWebhook {
  readonly url: string
  readonly events: readonly (typeof jobEventTypes)[number][]
  readonly secret: string | null
}

/** One call to an endpoint, as the ledger keeps it. */
export interface Attempt {
  readonly number: number
  readonly run: number
  readonly tier: TierName
  readonly endpoint: string
  readonly provider: string
  readonly model: string
  readonly region: string | null
  readonly startedAt: Date
  readonly durationMs: number
  readonly outcome: "succeeded" | "failed" | "cancelled"
  readonly errorType: ProviderErrorType | null
  readonly httpStatus: number | null
  readonly providerRequestId: string | null
  readonly charged: boolean
  readonly delayMs: number | null
  readonly usage: Usage | null
  readonly costUsd: number | null
  /** The price is the model's list price, not one of the configuration. Absent: no. */
  readonly isCostEstimated?: boolean
  /** Images made. Absent: none. */
  readonly images?: number
  readonly batchCallId: string | null
  /** Whose contract the call was made on. Absent: the platform's. */
  readonly credential?: CredentialOwner
}

/** The ledger keeps the last so many attempts of a job; `attemptCount` counts all. */
export const maxAttemptsKept = 100

/** A job whose executions are lost more often than this in a row is taken to be what kills its workers. */
export const maxRescues = 3

/** Why a queued job is not being worked on. Null where a job is simply in line. */
export interface Waiting {
  readonly reason: WaitingReason
  readonly endpoint: string | null
  readonly since: Date
  readonly until: Date | null
  /** How often admission has refused it in a row: after some refusals a job gets a reservation. */
  readonly refusals: number
  /** What someone has to do for it to go on. Absent: it goes on by itself. */
  readonly hint?: string
}

/** Who executes a job. Every write of that execution names the token; a later claim makes it void. */
export interface Claim {
  readonly token: string
  readonly workerId: string
  readonly at: Date
}

export type FinalEventType = (typeof finalEventTypes)[number]

/** An entry of the outbox, written with the state that it announces. */
export interface OutboxEvent {
  readonly id: string
  readonly type: FinalEventType
  readonly run: number
  readonly at: Date
  /** Why the run failed or expired; not there for other ends, nor for those that releases before this one wrote. */
  readonly errorType?: ErrorType
  /** Whether a delivery exists for each target. */
  readonly fannedOut: boolean
}

/** How the run before a replay ended: the later ones overwrite what the job itself says of it. */
export interface RunFailure {
  readonly route: string
  readonly startedAt: Date | null
  readonly at: Date
  readonly error: JobError
}

/** A run that a replay began. What became of it is in the event that ended it. */
export interface JobReplay {
  readonly replayId: string
  readonly run: number
  readonly at: Date
  /** The key that asked for it. */
  readonly by: string
  /** Absent for deliveries, and for jobs that an older release replayed. */
  readonly failure?: RunFailure
}

/** A job keeps its last so many replays. */
export const maxReplaysKept = 50

export interface Discard {
  readonly by: string
  readonly reason: string
  readonly at: Date
}

/** Written with each end of a run that failed or expired, and kept by the runs that replays begin. */
export interface DeadLetterRecord {
  /** When the last run that failed ended, and why. */
  readonly at: Date
  readonly error: JobError
  readonly replays: readonly JobReplay[]
  readonly discarded: Discard | null
}

/** Small outputs are kept in the job, large ones beside it. */
export type StoredOutput =
  | { readonly at: "job"; readonly value: Json }
  | { readonly at: "blob"; readonly blobId: string; readonly bytes: number; readonly contentType: string }

export interface JobResult {
  readonly output: StoredOutput
  readonly provenance: Provenance
  readonly usage: Usage | null
  /** Null: the price of a model that it used is not known. */
  readonly cost: Cost | null
}

/** What a job is, whatever its state. */
export interface JobBase {
  readonly id: string
  readonly schemaVersion: number
  readonly tenantId: string
  readonly route: string
  readonly work: Work
  readonly options: JobOptions
  readonly webhook: JobWebhook | null
  readonly metadata: Metadata
  readonly batchId: string | null
  /** Its name within the batch. Null: it is in none. */
  readonly customId: string | null
  readonly idempotencyKey: string | null
  readonly idempotencyExpiresAt: Date | null
  /** With a key: SHA-256 over the normalised request, to tell a repeated submission from another one under that key. */
  readonly requestHash: string | null
  readonly traceparent: string | null
  /** Of the request that asked for it, or for its latest replay: what leads from its lines in the logs to that one's. */
  readonly requestId: string | null
  /** 1, and one more with each replay. */
  readonly run: number
  readonly attempts: readonly Attempt[]
  readonly attemptCount: number
  readonly events: readonly OutboxEvent[]
  /** What it waited for so far, the latest last; the wait that is under way is in the state. */
  readonly waits: readonly EndedWait[]
  /** How often in a row an execution of this run was lost with its worker. An execution that hands the job back ends the row. */
  readonly rescues: number
  readonly createdAt: Date
  readonly deadline: Date
  /** When the first claim of this run was made. */
  readonly startedAt: Date | null
  /** Null: no run of it has failed. */
  readonly deadLetter: DeadLetterRecord | null
}

export interface QueuedState {
  readonly status: "queued"
  /** Not to be executed before, whatever the queue says. Null: at once. */
  readonly notBefore: Date | null
  readonly waiting: Waiting | null
  /**
   * When a sweep must see to it that the job is in the queue: set by whoever puts the job in line, absent once a claim has
   * proved that it was there, or the sweep has seen to it. A submission that reached Redis needs no second write for it.
   */
  readonly enqueueDueAt: Date | null
}

export interface RunningState {
  readonly status: "running"
  readonly claim: Claim
  /** What it waited for before it was claimed, so that a wait for the same thing goes on where it stopped. */
  readonly waiting: Waiting | null
}

export interface SucceededState {
  readonly status: "succeeded"
  readonly finishedAt: Date
  readonly result: JobResult
}

export interface FailedState {
  readonly status: "failed"
  readonly finishedAt: Date
  readonly error: JobError
}

export interface CancelledState {
  readonly status: "cancelled"
  readonly finishedAt: Date
  readonly cancelRequestedAt: Date
}

export interface ExpiredState {
  readonly status: "expired"
  readonly finishedAt: Date
  readonly error: JobError
}

export type FinalState = SucceededState | FailedState | CancelledState | ExpiredState
export type JobState = QueuedState | RunningState | FinalState

export type QueuedJob = JobBase & QueuedState
export type RunningJob = JobBase & RunningState
export type FinalJob = JobBase & FinalState
export type Job = JobBase & JobState

export function isFinal(job: Job): job is FinalJob {
  return job.status !== "queued" && job.status !== "running"
}
