import type { AttemptResource, AttemptStart, JobEvent, JobResource } from "@sluice/core"

/** What the events of a job have told so far. */
export interface LiveJob {
  readonly run: number
  readonly status: JobResource["status"]
  readonly waiting: JobResource["waiting"]
  readonly startedAt: string | null
  /** Calls of this run that have ended, in order. */
  readonly attempts: readonly AttemptResource[]
  /** The call under way. */
  readonly current: AttemptStart | null
  readonly text: string
  /** The job as it ended. */
  readonly final: JobResource | null
  /** Each event in a word, with when it was heard; pieces of text are one entry. */
  readonly heard: readonly { readonly at: number; readonly what: string }[]
}

export const nothingHeard: LiveJob = {
  run: 1,
  status: "queued",
  waiting: null,
  startedAt: null,
  attempts: [],
  current: null,
  text: "",
  final: null,
  heard: [],
}

/** What is known after one more event. `at`: when it was heard, in milliseconds since the epoch. */
export function hear(known: LiveJob, event: JobEvent, at: number): LiveJob {
  return { ...told(known, event), heard: noted(known, event, at) }
}

function told(known: LiveJob, event: JobEvent): LiveJob {
  switch (event.type) {
    case "job.queued":
      return { ...nothingHeard, run: event.run }
    case "job.waiting":
      return { ...known, status: "queued", waiting: event.waiting, current: null }
    case "job.started":
      return { ...known, status: "running", waiting: null, startedAt: event.at }
    case "attempt.started":
      return { ...known, status: "running", waiting: null, current: event.attempt }
    case "attempt.ended":
      return { ...known, current: null, attempts: withAttempt(known.attempts, event.attempt) }
    case "output.delta":
      // A piece that was told before is not told twice: what counts is where it stands.
      return { ...known, text: known.text.slice(0, event.offset) + event.text }
    case "output.reset":
      return { ...known, text: "" }
    default:
      return { ...known, status: event.job.status, waiting: null, current: null, final: event.job }
  }
}

function withAttempt(attempts: readonly AttemptResource[], attempt: AttemptResource): readonly AttemptResource[] {
  return [...attempts.filter(({ number }) => number !== attempt.number), attempt].toSorted((a, b) => a.number - b.number)
}

function noted({ heard }: LiveJob, event: JobEvent, at: number): LiveJob["heard"] {
  const what = nameOf(event)
  return heard.at(-1)?.what === what ? heard : [...heard, { at, what }]
}

function nameOf(event: JobEvent): string {
  switch (event.type) {
    case "job.waiting":
      return `waits: ${event.waiting.reason}${event.waiting.endpoint ? ` at ${event.waiting.endpoint}` : ""}`
    case "attempt.started":
      return `call ${event.attempt.number}: ${event.attempt.endpoint}, ${event.attempt.model}`
    case "attempt.ended":
      return `call ${event.attempt.number} ${event.attempt.errorType ?? event.attempt.outcome}`
    case "output.delta":
      return "text arrives"
    case "output.reset":
      return "text begins anew"
    default:
      return event.type.replace("job.", "")
  }
}
