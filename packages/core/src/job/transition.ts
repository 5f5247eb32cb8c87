import type { JobError } from "../contract/job-resource.ts"
import {
  type Attempt,
  type Claim,
  type DeadLetterRecord,
  type Discard,
  type FinalEventType,
  type FinalJob,
  type FinalState,
  isFinal,
  type Job,
  type JobBase,
  type JobOptions,
  type JobResult,
  maxAttemptsKept,
  maxReplaysKept,
  type OutboxEvent,
  type Waiting,
} from "./job.ts"
import { addWait, type EndedWait, endedWait } from "./waits.ts"

/** Names one execution. A command of an execution that was overtaken does not apply. */
export interface ExecutionRef {
  readonly run: number
  readonly token: string
}

export interface HandBack {
  readonly notBefore: Date | null
  readonly waiting: Waiting | null
  /** When a sweep looks whether the queue has the job: the queue may have lost its memory while the job was worked on. */
  readonly enqueueDueAt: Date
  /** Attempts made since the last write. */
  readonly attempts: readonly Attempt[]
  /** The wait before, where it is over. */
  readonly waited?: EndedWait | null
}

/**
 * How an execution ends a job. `isUnheard` says that no webhook is to hear of it, so that its event is fanned out from the start;
 * left out, that is not known. `waited` is what it waited for last, where it waited.
 */
export type Ending =
  | {
      readonly status: "succeeded"
      readonly at: Date
      readonly eventId: string
      readonly attempts: readonly Attempt[]
      readonly result: JobResult
      readonly isUnheard?: boolean
      readonly waited?: EndedWait | null
    }
  | {
      readonly status: "failed" | "expired"
      readonly at: Date
      readonly eventId: string
      readonly attempts: readonly Attempt[]
      readonly error: JobError
      readonly isUnheard?: boolean
      readonly waited?: EndedWait | null
    }

export type JobCommand =
  /** A worker takes the job, also from one that is believed dead: the queue has just handed it out. */
  | { readonly type: "claim"; readonly run: number; readonly claim: Claim }
  /** The execution puts the job back in line, to be retried or finished elsewhere. */
  | ({ readonly type: "hand_back" } & ExecutionRef & HandBack)
  /** The execution ends the job. */
  | ({ readonly type: "finish" } & ExecutionRef & { readonly ending: Ending })
  | { readonly type: "cancel"; readonly at: Date; readonly eventId: string }
  /** Ends a job whatever its execution does: past its deadline, or lost too often. */
  | Abandonment
  /** The reconciler puts a job back in line whose execution was lost with its worker. */
  | ({ readonly type: "rescue"; readonly at: Date; readonly waited?: EndedWait | null } & ExecutionRef)
  /** Says what a job in line waits for, or that it no longer does, without touching its place. */
  | { readonly type: "park"; readonly run: number; readonly waiting: Waiting | null; readonly waited?: EndedWait | null }
  /** Lets a job in line go on at once that was to wait. */
  | { readonly type: "resume"; readonly run: number; readonly at: Date; readonly waited?: EndedWait | null }
  /** Whoever is to hear of its ends so far has a delivery for each. */
  | { readonly type: "tell" }
  /** Starts the next run of what failed or expired. */
  | ({ readonly type: "replay"; readonly run: number } & Replaying)
  /** Closes the dead letter of a run: it is not to be replayed. */
  | ({ readonly type: "discard"; readonly run: number } & Discard)

/** How a replay starts a run. What it overrides holds for the later runs as well. */
export interface Replaying {
  /** No replay starts two runs of a job. */
  readonly replayId: string
  readonly by: string
  /** Of the request that asked for the replay; null: the job keeps its own. */
  readonly requestId: string | null
  readonly at: Date
  readonly deadline: Date
  readonly enqueueDueAt: Date
  /** Null: the job's own. */
  readonly route: string | null
  readonly options: Partial<JobOptions>
}

interface Abandonment {
  readonly type: "abandon"
  readonly run: number
  /** Only while this execution holds the claim; left out: whatever the job does. */
  readonly token?: string | undefined
  readonly ending: Extract<Ending, { error: JobError }>
}

/**
 * Why a command did not apply. `not_due` is told only to claims; `untold` only to replays: they would overwrite an end that its
 * webhooks have not been told of.
 */
export type Refusal = "finished" | "other_run" | "overtaken" | "not_due" | "not_replayable" | "untold"

export type Transition = { readonly applied: true; readonly job: Job } | { readonly applied: false; readonly refusal: Refusal }

const refuse = (refusal: Refusal): Transition => ({ applied: false, refusal })
const accept = (job: Job): Transition => ({ applied: true, job })

/**
 * The whole life of a job as a pure function; a store implements each command as one atomic conditional write with
 * the same conditions and effects.
 *
 *     queued -> running | cancelled | expired | failed
 *     running -> succeeded | failed | cancelled | expired | queued | running (taken over)
 *     failed | expired -> queued, by replay only, which raises `run`; or discarded, for good
 */
export function transition(job: Job, command: JobCommand): Transition {
  switch (command.type) {
    case "claim":
      return claim(job, command)
    case "hand_back":
      return handBack(job, command)
    case "finish":
      return refusalOfExecution(job, command) ?? accept(endJob(job, command.ending))
    case "cancel":
      return isFinal(job) ? refuse("finished") : accept(cancel(job, command))
    case "abandon":
      return refusalOfAbandonment(job, command) ?? accept(endJob(job, command.ending))
    case "rescue":
      return refusalOfExecution(job, command) ?? accept(rescue(job, command))
    case "park":
      return park(job, command)
    case "resume":
      return resume(job, command)
    case "tell":
      return accept({ ...job, events: job.events.map((event) => ({ ...event, fannedOut: true })) })
    case "replay":
      return replay(job, command)
    case "discard":
      return discard(job, command)
  }
}

type CommandOf<T extends JobCommand["type"]> = Extract<JobCommand, { type: T }>

function claim(job: Job, command: CommandOf<"claim">): Transition {
  if (command.run !== job.run) return refuse("other_run")
  if (isFinal(job)) return refuse("finished")
  if (job.status === "queued" && job.notBefore !== null && job.notBefore > command.claim.at) return refuse("not_due")
  return accept({
    ...baseOf(job),
    startedAt: job.startedAt ?? command.claim.at,
    // Whoever claims a running job takes it over from a worker that is believed dead.
    rescues: job.rescues + (job.status === "running" ? 1 : 0),
    status: "running",
    claim: command.claim,
    waiting: job.waiting,
  })
}

function handBack(job: Job, command: CommandOf<"hand_back">): Transition {
  const refusal = refusalOfExecution(job, command)
  if (refusal) return refusal
  const { notBefore, waiting, enqueueDueAt, waited } = command
  return accept({
    ...withWait(withAttempts(baseOf(job), command.attempts), waited),
    rescues: 0,
    status: "queued",
    notBefore,
    waiting,
    enqueueDueAt,
  })
}

function rescue(job: Job, { at, waited }: CommandOf<"rescue">): Job {
  return { ...withWait(baseOf(job), waited), rescues: job.rescues + 1, status: "queued", notBefore: null, waiting: null, enqueueDueAt: at }
}

function park(job: Job, { run, waiting, waited }: CommandOf<"park">): Transition {
  if (run !== job.run) return refuse("other_run")
  if (isFinal(job)) return refuse("finished")
  return job.status === "queued" ? accept({ ...withWait(job, waited), waiting }) : refuse("overtaken")
}

function resume(job: Job, { run, at, waited }: CommandOf<"resume">): Transition {
  if (run !== job.run) return refuse("other_run")
  if (isFinal(job)) return refuse("finished")
  if (job.status !== "queued") return refuse("overtaken")
  return accept({ ...withWait(job, waited), notBefore: null, waiting: null, enqueueDueAt: at })
}

function refusalOfAbandonment(job: Job, { run, token }: CommandOf<"abandon">): Transition | null {
  if (token !== undefined) return refusalOfExecution(job, { run, token })
  if (run !== job.run) return refuse("other_run")
  return isFinal(job) ? refuse("finished") : null
}

function refusalOfExecution(job: Job, ref: ExecutionRef): Transition | null {
  if (ref.run !== job.run) return refuse("other_run")
  if (isFinal(job)) return refuse("finished")
  if (job.status !== "running" || job.claim.token !== ref.token) return refuse("overtaken")
  return null
}

/** A job as its ending leaves it. Whether it may end so is for `transition` to say. */
export function endJob(job: Job, ending: Ending): FinalJob {
  const base = withDeadLetter(withEvent(withAttempts(withWait(baseOf(job), ending.waited), ending.attempts), ending), ending)
  return { ...base, ...finalStateOf(ending) }
}

/** The fields that an ending sets. */
export function finalStateOf(ending: Ending): FinalState {
  return ending.status === "succeeded"
    ? { status: "succeeded", finishedAt: ending.at, result: ending.result }
    : { status: ending.status, finishedAt: ending.at, error: ending.error }
}

function cancel(job: Job, { at, eventId }: CommandOf<"cancel">): Job {
  const waited = isFinal(job) ? null : endedWait(job, { at })
  const base = withEvent(withWait(baseOf(job), waited), { status: "cancelled", at, eventId })
  return { ...base, status: "cancelled", finishedAt: at, cancelRequestedAt: at }
}

function replay(job: Job, { run, replayId, by, requestId, at, deadline, enqueueDueAt, ...overrides }: CommandOf<"replay">): Transition {
  if (run !== job.run) return refuse("other_run")
  const letter = openLetterOf(job)
  if (!letter || letter.replays.some((replay) => replay.replayId === replayId)) return refuse("not_replayable")
  if (hasUntoldEvent(job)) return refuse("untold")
  const failure = { route: job.route, startedAt: job.startedAt, at: letter.at, error: letter.error }
  const replays = [...letter.replays, { replayId, run: run + 1, at, by, failure }].slice(-maxReplaysKept)
  const base = { ...baseOf(job), run: run + 1, rescues: 0, startedAt: null, deadline, deadLetter: { ...letter, replays } }
  const options = { ...job.options, ...overrides.options }
  const changed = { route: overrides.route ?? job.route, requestId: requestId ?? job.requestId, options }
  return accept({ ...base, ...changed, status: "queued", notBefore: null, waiting: null, enqueueDueAt })
}

function discard(job: Job, { run, by, reason, at }: CommandOf<"discard">): Transition {
  if (run !== job.run) return refuse("other_run")
  const letter = openLetterOf(job)
  return letter ? accept({ ...job, deadLetter: { ...letter, discarded: { by, reason, at } } }) : refuse("not_replayable")
}

/** The dead letter of what failed or expired, while it may be replayed or discarded. */
export function openLetterOf(job: Job): DeadLetterRecord | null {
  const hasFailed = job.status === "failed" || job.status === "expired"
  return hasFailed && job.deadLetter && !job.deadLetter.discarded ? job.deadLetter : null
}

/** Whether there is an end of it for which not every delivery exists yet. */
export function hasUntoldEvent({ events }: Pick<Job, "events">): boolean {
  return events.some(({ fannedOut }) => !fannedOut)
}

function withDeadLetter(base: JobBase, ending: Ending): JobBase {
  if (ending.status === "succeeded") return base
  const replays = base.deadLetter?.replays ?? []
  return { ...base, deadLetter: { at: ending.at, error: ending.error, replays, discarded: null } }
}

function withWait<T extends Pick<JobBase, "waits">>(job: T, waited: EndedWait | null | undefined): T {
  return { ...job, waits: addWait(job.waits, waited) }
}

function withAttempts(base: JobBase, made: readonly Attempt[]): JobBase {
  const attempts = [...base.attempts, ...made].slice(-maxAttemptsKept)
  return { ...base, attempts, attemptCount: base.attemptCount + made.length }
}

function withEvent(base: JobBase, end: Omit<EndOfRun, "run">): JobBase {
  return { ...base, events: [...base.events, outboxEvent({ ...end, run: base.run })] }
}

interface EndOfRun {
  readonly status: FinalState["status"]
  readonly run: number
  readonly at: Date
  readonly eventId: string
  readonly error?: Pick<JobError, "type">
  readonly isUnheard?: boolean
}

/** The entry of the outbox that announces the end of a run. */
export function outboxEvent({ status, run, at, eventId, error, isUnheard = false }: EndOfRun): OutboxEvent {
  const type: FinalEventType = `job.${status}`
  return { id: eventId, type, run, at, ...(error && { errorType: error.type }), fannedOut: isUnheard }
}

/** Strips what belongs to the present state, so that nothing of it survives into the next. */
export function baseOf(job: Job): JobBase {
  return {
    id: job.id,
    schemaVersion: job.schemaVersion,
    tenantId: job.tenantId,
    route: job.route,
    work: job.work,
    options: job.options,
    webhook: job.webhook,
    metadata: job.metadata,
    batchId: job.batchId,
    customId: job.customId,
    idempotencyKey: job.idempotencyKey,
    idempotencyExpiresAt: job.idempotencyExpiresAt,
    requestHash: job.requestHash,
    traceparent: job.traceparent,
    requestId: job.requestId,
    run: job.run,
    attempts: job.attempts,
    attemptCount: job.attemptCount,
    events: job.events,
    waits: job.waits,
    rescues: job.rescues,
    createdAt: job.createdAt,
    deadline: job.deadline,
    startedAt: job.startedAt,
    deadLetter: job.deadLetter,
  }
}
