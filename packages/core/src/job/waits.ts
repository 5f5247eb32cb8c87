import type { WaitingReason } from "../contract/vocabulary.ts"
import type { Claim, JobBase, Waiting } from "./job.ts"

/** A wait that is over. */
export interface EndedWait {
  readonly run: number
  readonly reason: WaitingReason
  readonly endpoint: string | null
  readonly from: Date
  readonly to: Date
}

/** A job keeps its last so many waits. */
export const maxWaitsKept = 20

interface Waited extends Pick<JobBase, "run"> {
  readonly waiting: Waiting | null
  /** Of a running job: the claim ended the wait. */
  readonly claim?: Claim
}

export interface WaitEnd {
  /** When it ends, unless a claim has ended it. */
  readonly at: Date
  /** What the job waits for from now on. */
  readonly next?: Waiting | null
}

/**
 * The wait that ends when a job goes on, ends, or begins to wait for something else. Null: it waits for nothing, or its wait goes
 * on: a job that admission refuses again and again for one reason waits once.
 */
export function endedWait({ run, waiting, claim }: Waited, { at, next = null }: WaitEnd): EndedWait | null {
  if (waiting === null || (next !== null && isSameWait(waiting, next))) return null
  const { reason, endpoint, since } = waiting
  return { run, reason, endpoint, from: since, to: laterOf(since, claim?.at ?? at) }
}

function laterOf(one: Date, other: Date): Date {
  return new Date(Math.max(one.getTime(), other.getTime()))
}

function isSameWait(before: Waiting, next: Waiting): boolean {
  return before.reason === next.reason && before.since.getTime() === next.since.getTime()
}

/** With one wait more. Only the last ones are kept. */
export function addWait(waits: readonly EndedWait[], wait: EndedWait | null | undefined): readonly EndedWait[] {
  return wait ? [...waits, wait].slice(-maxWaitsKept) : waits
}

/**
 * Waits as they are shown: what follows upon another wait of the same run, for the same reason and endpoint, without a gap, is one
 * with it. So is one that was written twice, since a write of unknown outcome is repeated.
 */
export function mergeWaits(waits: readonly EndedWait[]): readonly EndedWait[] {
  const merged: EndedWait[] = []
  for (const wait of waits) {
    const last = merged.at(-1)
    if (last && isContinued(last, wait)) merged.splice(-1, 1, { ...last, to: laterOf(last.to, wait.to) })
    else merged.push(wait)
  }
  return merged
}

function isContinued(before: EndedWait, wait: EndedWait): boolean {
  const isAlike = before.run === wait.run && before.reason === wait.reason && before.endpoint === wait.endpoint
  return isAlike && wait.from >= before.from && wait.from <= before.to
}
