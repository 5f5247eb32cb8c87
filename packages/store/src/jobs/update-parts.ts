import {
  type Attempt,
  type EndedWait,
  type Ending,
  type ExecutionRef,
  finalStateOf,
  maxAttemptsKept,
  maxWaitsKept,
  outboxEvent,
} from "@sluice/core"
import type { UpdateFilter } from "mongodb"
import type { Sealer } from "../encryption/sealer.ts"
import type { JobDocument } from "./job-document.ts"
import { toFinalFields } from "./to-document.ts"

/** What belongs to a state that has not ended. */
const unfinishedFields = { claim: "", notBefore: "", waiting: "", enqueueDueAt: "" } as const

/** Only the execution that holds the claim may write. */
export function executionFilter({ id, run, token }: { readonly id: string } & ExecutionRef) {
  return { _id: id, run, status: "running", "claim.token": token } as const
}

/** Adds attempts to the bounded ledger and counts them all; what they used is to be accounted. */
export function attemptsUpdate(attempts: readonly Attempt[]) {
  const last = attempts.at(-1)
  if (!last) return {}
  return {
    set: { accountDueAt: new Date(last.startedAt.getTime() + last.durationMs) },
    push: { attempts: { $each: [...attempts], $slice: -maxAttemptsKept } },
    inc: { attemptCount: attempts.length },
  }
}

/** What is pushed onto the bounded list of waits; nothing where none has ended. */
export function waitPush(waited: EndedWait | null | undefined) {
  return waited ? { waits: { $each: [waited], $slice: -maxWaitsKept } } : {}
}

export interface EndingWrite {
  readonly id: string
  readonly ending: Ending
  readonly run: number
  /** The mark that the event keeps of who wrote it. */
  readonly by: string
}

/** Ends a job: its final fields, its attempts and its event in one write. */
export function endingUpdate({ id, ending, run, by }: EndingWrite, sealer: Sealer): UpdateFilter<JobDocument> {
  const { push, inc } = attemptsUpdate(ending.attempts)
  return {
    $set: { ...toFinalFields(id, finalStateOf(ending), sealer), accountDueAt: ending.at },
    $unset: unfinishedFields,
    $push: { ...push, ...waitPush(ending.waited), events: { ...outboxEvent({ ...ending, run }), by } },
    ...(inc && { $inc: inc }),
  }
}
