import { hashOfNothing } from "./text-hash.ts"

/** What of a text a reader has been told: so much of the text of this attempt, and a hash of that. */
export interface TextCursor {
  readonly attempt: number | null
  readonly offset: number
  readonly hash: number
}

/**
 * How far a reader is. It travels as the id of each event, so that any process can tell what a reader has not been told yet, with
 * nothing kept of the reader, and nothing of the events.
 */
export interface LiveCursor {
  readonly run: number
  readonly isQueued: boolean
  readonly isStarted: boolean
  readonly isOver: boolean
  /** Names the wait that was told last; empty for none. */
  readonly waiting: string
  /** The highest attempt of which the beginning was told, and a tag of the execution that made it; empty where it is not known. */
  readonly begun: number
  readonly begunBy: string
  /** The highest attempt of which the end was told. */
  readonly ended: number
  readonly text: TextCursor
}

export const noText: TextCursor = { attempt: null, offset: 0, hash: hashOfNothing }

/** Where a run begins. What is known of the text of an earlier run has to be forgotten first. */
export function startOfRun(run: number, text: TextCursor = noText): LiveCursor {
  return { run, isQueued: false, isStarted: false, isOver: false, waiting: "", begun: 0, begunBy: "", ended: 0, text }
}

export function encodeCursor(cursor: LiveCursor): string {
  const { run, isQueued, isStarted, isOver, waiting, begun, begunBy, ended, text } = cursor
  const flags = (isQueued ? 1 : 0) + (isStarted ? 2 : 0) + (isOver ? 4 : 0)
  return [run, flags, waiting, begun, begunBy, ended, text.attempt ?? "", text.offset, text.hash.toString(36)].join("-")
}

const written = /^(\d{1,9})-([0-7])-([0-9a-z]{0,7})-(\d{1,9})-([0-9a-z]{0,7})-(\d{1,9})-(\d{0,9})-(\d{1,10})-([0-9a-z]{1,7})$/

/** Null for what is no id of ours. */
export function decodeCursor(id: string): LiveCursor | null {
  const parts = written.exec(id)?.slice(1)
  if (!parts) return null
  const [run = "", flags = "", waiting = "", begun = "", begunBy = "", ended = "", attempt = "", offset = "", hash = ""] = parts
  return {
    run: Number(run),
    isQueued: (Number(flags) & 1) > 0,
    isStarted: (Number(flags) & 2) > 0,
    isOver: (Number(flags) & 4) > 0,
    waiting,
    begun: Number(begun),
    begunBy,
    ended: Number(ended),
    text: { attempt: attempt === "" ? null : Number(attempt), offset: Number(offset), hash: Number.parseInt(hash, 36) },
  }
}
