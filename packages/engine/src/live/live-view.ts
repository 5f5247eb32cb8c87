import {
  type AttemptResource,
  type AttemptStart,
  isFinal,
  type Job,
  type JobGlance,
  type JobResource,
  type LiveUpdate,
  presentAttempt,
  presentJob,
  presentWaiting,
} from "@sluice/core"
import { tagOf } from "./text-hash.ts"

/** A text that grows. Another text is another object, also when it is that of the same attempt made anew. */
export interface LiveText {
  readonly attempt: number | null
  value: string
}

/** What is known of a run of a job, from the store and from whoever executes it. */
export interface LiveView {
  readonly jobId: string
  readonly run: number
  readonly queuedAt: string
  startedAt: string | null
  waiting: JobResource["waiting"]
  /** Calls that have ended, by their number. */
  readonly attempts: Map<number, AttemptResource>
  /** The call under way, and a tag of the execution that makes it. */
  current: { readonly attempt: AttemptStart; readonly by: string } | null
  text: LiveText | null
  /** The job, once it has ended. */
  final: JobResource | null
}

/** What the store knows. `text`: of the output, where there is one. */
export function viewOf(job: Job, text: string | null): LiveView {
  const view: LiveView = {
    jobId: job.id,
    run: job.run,
    queuedAt: queuedAtOf(job).toISOString(),
    startedAt: null,
    waiting: null,
    attempts: new Map(),
    current: null,
    text: null,
    final: null,
  }
  seeJob(view, job, text)
  return view
}

/** Adds what the store knows of the same run. */
export function seeJob(view: LiveView, job: Job, text: string | null): void {
  const ofRun = job.attempts.filter(({ run }) => run === job.run)
  for (const attempt of ofRun) view.attempts.set(attempt.number, presentAttempt(attempt))
  view.startedAt = job.startedAt?.toISOString() ?? view.startedAt
  if (!isFinal(job)) {
    if (job.status === "queued" && !view.current) view.waiting = job.waiting && presentWaiting(job.waiting)
    return
  }
  view.waiting = null
  view.current = null
  if (text !== null) {
    const attempt = ofRun.findLast(({ outcome }) => outcome === "succeeded")?.number ?? null
    view.text = view.text?.attempt === attempt && text.startsWith(view.text.value) ? grown(view.text, text) : { attempt, value: text }
  }
  view.final = presentJob(job)
}

function grown(text: LiveText, value: string): LiveText {
  text.value = value
  return text
}

/** Adds what a look at the store has shown of the same run. */
export function seeGlance(view: LiveView, { startedAt, waiting }: JobGlance): void {
  view.startedAt = startedAt?.toISOString() ?? view.startedAt
  // What is under way is known better by who does it.
  if (!view.current && !view.final) view.waiting = waiting && presentWaiting(waiting)
}

/** Adds what an execution of the same run tells. False: something before it is missing. */
export function seeUpdate(view: LiveView, update: LiveUpdate): boolean {
  if (view.final) return true
  const { startedAt, attempts = [], current, handedBack } = update
  view.startedAt = startedAt ?? view.startedAt
  for (const attempt of attempts) view.attempts.set(attempt.number, attempt)
  if (current !== undefined) view.current = current && { attempt: current, by: tagOf(update.execution) }
  view.waiting = handedBack?.waiting ?? null
  if (handedBack) view.current = null
  return seeText(view, update)
}

function seeText(view: LiveView, { text }: LiveUpdate): boolean {
  if (!text || text.piece === "") return true
  const { attempt, offset, piece } = text
  const known = view.text?.attempt === attempt ? view.text : null
  if (!known) {
    if (offset > 0) return false
    view.text = { attempt, value: piece }
    return true
  }
  if (offset > known.value.length) return false
  // What was told twice is known already.
  known.value += piece.slice(known.value.length - offset)
  return true
}

/** Another execution begins: what the one before was about to write will never come. */
export function forgetExecution(view: LiveView): void {
  view.current = null
  view.text = null
}

function queuedAtOf(job: Job): Date {
  return job.deadLetter?.replays.findLast(({ run }) => run === job.run)?.at ?? job.createdAt
}
