import {
  type BatchStore,
  type Clock,
  type DeadLetter,
  type DeadLetterStore,
  type JobQueue,
  type LeaseStore,
  type QueueEntry,
  QueueUnavailableError,
  type Replay,
  type ReplayStore,
  StorageUnavailableError,
} from "@sluice/core"
import { asOf, openOnesOf } from "../dead-letters/select-dead-letters.ts"
import { createPace, type Pace } from "./pace.ts"
import { type ReplayLetterDependencies, replayLetter } from "./replay-letter.ts"

export interface ReplayObserver {
  /** A dead letter that could not be replayed, for another reason than an outage. It is passed over. */
  letterFailed(failure: { readonly replayId: string; readonly deadLetterId: string; readonly error: unknown }): void
  /** A replay was interrupted; it is continued at the next look. */
  replayInterrupted(failure: { readonly replayId: string; readonly error: unknown }): void
  replayEnded(replay: Replay): void
}

export interface ReplayRunnerDependencies extends ReplayLetterDependencies {
  readonly deadLetters: DeadLetterStore
  readonly replays: ReplayStore
  readonly batches: Pick<BatchStore, "activate">
  readonly queue: JobQueue
  readonly leases: LeaseStore
  readonly clock: Clock
  /** Who runs: each replay is one process's at a time. */
  readonly holder: string
  readonly observer: ReplayObserver
  /** After so long without a look at a replay another process may take it over. Default 15 s. */
  readonly leaseTtlMs?: number
}

const defaultLeaseTtlMs = 15_000
const maxActive = 50
/** Bounds one batch, whatever the pace. */
const maxBatch = 500
/** How often the runs of a replay are counted. */
const countEveryMs = 1_000
/** Longer than the replay of a page takes. */
const batchActiveMs = 60_000

interface Runner extends ReplayRunnerDependencies {
  readonly pace: Pace
  /** When the runs of a replay were counted last. */
  readonly countedAt: Map<string, number>
}

/**
 * Carries replays out: each call takes the active ones a step further, at their own pace. What a replay has done is in the
 * jobs themselves, its place is behind what it has dealt with, and a job's run begins by a conditional write that names the
 * replay; so it may be stopped anywhere, continued by another process, or run by two at once, and no job is replayed twice.
 */
export function createReplayRunner(dependencies: ReplayRunnerDependencies): () => Promise<{ readonly active: number }> {
  const { replays, leases, clock, holder, observer, leaseTtlMs = defaultLeaseTtlMs } = dependencies
  const runner: Runner = { ...dependencies, pace: createPace(clock), countedAt: new Map() }
  return async () => {
    const active = await replays.findActive({ limit: maxActive })
    runner.pace.keep(active.map(({ id }) => id))
    for (const replay of active) {
      try {
        const led = await leases.acquire({ name: leaseNameOf(replay), holder, ttlMs: leaseTtlMs })
        if (led) await takeStep(runner, replay)
      } catch (error) {
        observer.replayInterrupted({ replayId: replay.id, error })
      }
    }
    return { active: active.length }
  }
}

function leaseNameOf({ id }: Replay): string {
  return `replay:${id}`
}

async function takeStep(runner: Runner, replay: Replay): Promise<void> {
  const isRequeued = replay.isRequeued || (await requeueSome(runner, replay))
  const now = runner.clock().getTime()
  if (now - (runner.countedAt.get(replay.id) ?? 0) < countEveryMs) return
  runner.countedAt.set(replay.id, now)
  await count(runner, { ...replay, isRequeued })
}

/** True: nothing is left to be requeued. */
async function requeueSome(runner: Runner, replay: Replay): Promise<boolean> {
  if (replay.status !== "running") return false
  const limit = runner.pace.take({ id: replay.id, perSecond: replay.perSecond, max: maxBatch })
  if (limit === 0) return false
  const filter = asOf(openOnesOf(replay), replay.createdAt)
  const letters = await runner.deadLetters.list({ filter, order: "oldest_first", after: replay.position, limit })
  await requeue(runner, replay, letters)
  const last = letters.at(-1)
  const position = last ? { createdAt: last.createdAt, id: last.id } : replay.position
  const isRequeued = letters.length < limit
  await runner.replays.advance({ id: replay.id, position, isRequeued })
  return isRequeued
}

async function requeue(runner: Runner, replay: Replay, letters: readonly DeadLetter[]): Promise<void> {
  const at = runner.clock()
  await activateBatches(runner, letters, at)
  const entries = await Promise.all(letters.map((letter) => requeueOne(runner, { replay, letter, at })))
  const begun = entries.filter((entry) => entry !== null)
  if (begun.length === 0) return
  await runner.queue.enqueue(begun).catch((error: unknown) => {
    // The jobs say when a sweep has to enqueue them.
    if (!(error instanceof QueueUnavailableError)) throw error
  })
}

/** Before the jobs change, so that their batches are counted anew even if this process ends in between. */
async function activateBatches({ batches }: Runner, letters: readonly DeadLetter[], at: Date): Promise<void> {
  const until = new Date(at.getTime() + batchActiveMs)
  const ofBatches = Map.groupBy(letters, ({ job }) => job?.batchId ?? null)
  for (const [id, [letter]] of ofBatches) if (id !== null && letter) await batches.activate({ tenantId: letter.tenantId, id, until })
}

interface Requeueing {
  readonly replay: Replay
  readonly letter: DeadLetter
  readonly at: Date
}

async function requeueOne(runner: Runner, { replay, letter, at }: Requeueing): Promise<QueueEntry | null> {
  try {
    return (await replayLetter(runner, replay, letter, at)).entry
  } catch (error) {
    if (error instanceof StorageUnavailableError) throw error
    runner.observer.letterFailed({ replayId: replay.id, deadLetterId: letter.id, error })
    return null
  }
}

/** Counts the runs, and ends the replay once all that will begin have ended. */
async function count({ deadLetters, replays, leases, clock, holder, countedAt, observer }: Runner, replay: Replay): Promise<void> {
  const { id, tenantId, status, isRequeued } = replay
  const progress = await deadLetters.progressOf({ tenantId, replayId: id })
  const ended = progress.succeeded + progress.failed + progress.cancelled
  const isOver = (isRequeued || status === "cancelled") && ended >= progress.requeued
  const finishedAt = isOver ? clock() : null
  await replays.recordProgress({ id, progress, finishedAt })
  if (!isOver) return
  countedAt.delete(id)
  await leases.release({ name: leaseNameOf(replay), holder })
  observer.replayEnded({ ...replay, status: status === "running" ? "completed" : status, progress, finishedAt })
}
