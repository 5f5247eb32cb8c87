import type { Clock, ProcessEntry } from "@sluice/core"
import { DelayedError, type Job, type RedisQueueBackend, WaitingError } from "bullmq"
import type { ErrorReporter } from "../connection/error-reporter.ts"
import { reasonOf } from "../connection/reason-of.ts"
import type { LineAttendant } from "../fairness/line-attendant.ts"
import { handedBackPriority } from "./bull-priority.ts"
import { parseEntryId } from "./entry-id.ts"
import type { Executions } from "./executions.ts"

/** How soon an entry is fetched again that is handed back without a time: not at once, or one that nobody can serve would spin. */
const handBackDelayMs = 50
const firstDefectDelayMs = 1_000
const maxDefectDelayMs = 60_000

export interface EntryProcessorOptions {
  readonly route: string
  readonly process: ProcessEntry
  readonly executions: Executions
  readonly attendant: LineAttendant
  readonly backend: () => Pick<RedisQueueBackend, "moveToDelayed">
  readonly isDraining: () => boolean
  readonly reporter: ErrorReporter
  readonly now: Clock
}

interface PutBack {
  readonly delayMs: number
  readonly isDefect: boolean
}

/** How long an entry rests whose processing failed `failures` times before: 1 s, doubling up to a minute. */
export function defectDelayMs(failures: number): number {
  return Math.min(firstDefectDelayMs * 2 ** failures, maxDefectDelayMs)
}

/**
 * The processor that a BullMQ worker calls. BullMQ is never told of a failure, since it would drop the entry: an entry is
 * finished, put back, or left alone and taken over when its lock has run out.
 */
export function createEntryProcessor(options: EntryProcessorOptions): (job: Job, token: string) => Promise<void> {
  const { route, process, executions, attendant, backend, isDraining, reporter, now } = options

  const delayUntil = (at: Date | null): number => {
    const delayMs = at === null ? 0 : at.getTime() - now().getTime()
    if (delayMs > 0) return delayMs
    return isDraining() ? 0 : handBackDelayMs
  }
  /** Null: the entry is finished. */
  const work = async (job: Job): Promise<PutBack | null> => {
    const key = parseEntryId(job.id ?? "")
    if (key === null) {
      reporter.report(new Error(`Queue of route ${route}: "${job.id}" is not the entry of a job; it was removed.`))
      return null
    }
    if (isDraining()) return { delayMs: 0, isDefect: false }
    const onAbandoned = (): void => {
      reporter.report(new Error(`Job ${key.id}, run ${key.run}, of route ${route} did not stop in time; its entry was handed back.`))
    }
    try {
      const outcome = await executions.run((signal) => process({ ...key, route }, signal), onAbandoned)
      return outcome.kind === "done" ? null : { delayMs: delayUntil(outcome.at), isDefect: false }
    } catch (error) {
      const delayMs = defectDelayMs(job.attemptsMade)
      const message = `Job ${key.id}, run ${key.run}, of route ${route} could not be processed: ${reasonOf(error)}. It is tried again in ${delayMs} ms.`
      reporter.reportAs(message, error)
      return { delayMs, isDefect: true }
    }
  }
  const putBack = async (job: Job, token: string, { delayMs, isDefect }: PutBack): Promise<void> => {
    try {
      // BullMQ's attempts count defects here, and nothing else.
      const fieldsToUpdate = { priority: handedBackPriority }
      await backend().moveToDelayed(job.id ?? "", now().getTime(), delayMs, token, { skipAttempt: !isDefect, fieldsToUpdate })
    } catch (error) {
      reporter.reportAs(
        `Entry ${job.id} of route ${route} was not put back: ${reasonOf(error)}. It is taken over once its lock has run out.`,
        error,
      )
    }
  }
  return async (job, token) => {
    if (!(await attendant.receive(job, token))) throw new WaitingError()
    const returned = await work(job)
    if (returned === null) return
    await putBack(job, token, returned)
    throw new DelayedError()
  }
}
