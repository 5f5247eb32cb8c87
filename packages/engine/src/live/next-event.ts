import { type AttemptResource, type AttemptStart, type JobEvent, maxDeltaChars } from "@sluice/core"
import { type LiveCursor, noText, startOfRun, type TextCursor } from "./live-cursor.ts"
import type { LiveText, LiveView } from "./live-view.ts"
import { hashOn, tagOf } from "./text-hash.ts"

export interface LiveStep {
  readonly event: JobEvent
  /** Where the reader is after it. */
  readonly cursor: LiveCursor
}

/** What a reader knows of texts beside its cursor: the one that its cursor was last found to fit. */
export interface ReaderMemory {
  text: LiveText | null
}

/**
 * The next thing that a reader has not been told yet; null: it knows all that is known. Events are no log but the differences
 * between two states, so that a reader which was away, or is slow, is told what has become of the job and not all that happened.
 */
export function nextEvent(cursor: LiveCursor, view: LiveView, memory: ReaderMemory): LiveStep | null {
  if (cursor.run !== view.run) return nextEvent(startOfRun(view.run, cursor.text), view, memory)
  return (
    beginning(cursor, view) ?? calls(cursor, view, memory) ?? words(cursor, view, memory) ?? waiting(cursor, view) ?? ending(cursor, view)
  )
}

function beginning(cursor: LiveCursor, view: LiveView): LiveStep | null {
  const { queuedAt, startedAt } = view
  if (!cursor.isQueued) return { event: { type: "job.queued", ...ofJob(view), at: queuedAt }, cursor: { ...cursor, isQueued: true } }
  if (cursor.isStarted || startedAt === null) return null
  return { event: { type: "job.started", ...ofJob(view), at: startedAt }, cursor: { ...cursor, isStarted: true } }
}

/** Calls that have ended, each with what is left of its text, then the one under way. */
function calls(cursor: LiveCursor, view: LiveView, memory: ReaderMemory): LiveStep | null {
  const ended = firstAfter(cursor.ended, view.attempts)
  if (!ended) return view.current && callUnderWay(cursor, view, view.current)
  const { number } = ended
  if (cursor.begun < number) return begun(cursor, view, { attempt: startOf(ended), by: "" })
  const ofItsText = view.text?.attempt === number ? words(cursor, view, memory) : null
  return ofItsText ?? { event: { type: "attempt.ended", ...ofJob(view), attempt: ended }, cursor: { ...cursor, ended: number } }
}

function callUnderWay(cursor: LiveCursor, view: LiveView, current: NonNullable<LiveView["current"]>): LiveStep | null {
  const { number } = current.attempt
  // A call that a worker gave up is made again under its number.
  const isAnother = cursor.begun < number || (cursor.begun === number && cursor.begunBy !== current.by && cursor.ended < number)
  return isAnother ? begun(cursor, view, current) : null
}

function begun(cursor: LiveCursor, view: LiveView, { attempt, by }: { readonly attempt: AttemptStart; readonly by: string }): LiveStep {
  return {
    event: { type: "attempt.started", ...ofJob(view), attempt },
    cursor: { ...cursor, begun: attempt.number, begunBy: by },
  }
}

/** The rest of the text, after a reset where it is another text than that of which the reader has been told. */
function words(cursor: LiveCursor, view: LiveView, memory: ReaderMemory): LiveStep | null {
  const { text } = view
  if (!text || isOutdated(cursor, view, text)) return null
  const { attempt, value } = text
  if (memory.text !== text) {
    if (!fits(cursor.text, text)) {
      return { event: { type: "output.reset", ...ofJob(view), attempt }, cursor: { ...cursor, text: { ...noText, attempt } } }
    }
    memory.text = text
  }
  const { offset, hash } = cursor.text
  if (offset >= value.length) return null
  const end = endOfPiece(value, offset)
  return {
    event: { type: "output.delta", ...ofJob(view), attempt, offset, text: value.slice(offset, end) },
    cursor: { ...cursor, text: { attempt, offset: end, hash: hashOn(hash, value, offset, end) } },
  }
}

/** A reader that comes from elsewhere may be ahead of what is known here. The end of the job is never behind. */
function isOutdated(cursor: LiveCursor, { final }: LiveView, { attempt }: LiveText): boolean {
  return final === null && attempt !== null && (cursor.text.attempt ?? 0) > attempt
}

function fits(known: TextCursor, { attempt, value }: LiveText): boolean {
  if (known.offset === 0) return true
  return known.attempt === attempt && known.offset <= value.length && hashOn(noText.hash, value, 0, known.offset) === known.hash
}

function endOfPiece(text: string, from: number): number {
  const end = Math.min(text.length, from + maxDeltaChars)
  // Half a character is not text.
  const isHalf = end < text.length && (text.charCodeAt(end - 1) & 0xfc00) === 0xd800
  return isHalf ? end - 1 : end
}

function waiting(cursor: LiveCursor, view: LiveView): LiveStep | null {
  if (!view.waiting) return null
  const { reason, endpoint, until } = view.waiting
  const tag = tagOf(JSON.stringify([reason, endpoint, until]))
  if (tag === cursor.waiting) return null
  return { event: { type: "job.waiting", ...ofJob(view), waiting: view.waiting }, cursor: { ...cursor, waiting: tag } }
}

function ending(cursor: LiveCursor, view: LiveView): LiveStep | null {
  if (!view.final || cursor.isOver) return null
  const { status } = view.final
  if (status === "queued" || status === "running") return null
  return { event: { type: `job.${status}`, ...ofJob(view), job: view.final }, cursor: { ...cursor, isOver: true } }
}

function ofJob({ jobId, run }: LiveView) {
  return { jobId, run }
}

function firstAfter(number: number, attempts: ReadonlyMap<number, AttemptResource>): AttemptResource | null {
  let first: AttemptResource | null = null
  for (const attempt of attempts.values()) {
    if (attempt.number > number && (first === null || attempt.number < first.number)) first = attempt
  }
  return first
}

function startOf({ number, tier, endpoint, provider, model, region, startedAt }: AttemptResource): AttemptStart {
  return { number, tier, endpoint, provider, model, region, startedAt }
}
