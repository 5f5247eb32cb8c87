import type { DeadLetterFilterBody } from "../contract/dead-letter.ts"
import type { ReplayOverrides, ReplayStatus } from "../contract/replay.ts"
import type { DeadLetterPosition, ReplayProgress } from "./dead-letter-store.ts"

/** Bulk work on open dead letters, at a bounded pace. What it selected is fixed by its filter and the time of its making. */
export interface Replay {
  readonly id: string
  readonly tenantId: string
  readonly status: ReplayStatus
  readonly filter: DeadLetterFilterBody | null
  readonly ids: readonly string[] | null
  readonly overrides: ReplayOverrides | null
  readonly perSecond: number
  readonly matched: number
  readonly hint: string | null
  readonly by: string
  /** Of the request that asked for it: the jobs that it replays take it over. */
  readonly requestId: string | null
  readonly createdAt: Date
  readonly cancelRequestedAt: Date | null
  /** Behind the last dead letter that it has dealt with. */
  readonly position: DeadLetterPosition | null
  /** Everything selected was dealt with. */
  readonly isRequeued: boolean
  readonly progress: ReplayProgress
  /** When the last of its runs ended. Until then it is active. */
  readonly finishedAt: Date | null
}

/** Where replays survive restarts. Every method rejects with `StorageUnavailableError` when the database does not answer in time. */
export interface ReplayStore {
  /** Inserting the same id again changes nothing. */
  insert(replay: Replay): Promise<void>
  find(request: { readonly tenantId: string; readonly id: string }): Promise<Replay | null>
  /** Newest first; `before` is the id of the last replay of the page before. */
  list(request: { readonly tenantId: string; readonly before: string | null; readonly limit: number }): Promise<readonly Replay[]>
  /** Of all tenants, the oldest first: those that have no `finishedAt`. */
  findActive(request: { readonly limit: number }): Promise<readonly Replay[]>
  advance(request: { readonly id: string; readonly position: DeadLetterPosition | null; readonly isRequeued: boolean }): Promise<void>
  /** Sets the counts. With `finishedAt` it is over, and completed unless it was cancelled. */
  recordProgress(request: { readonly id: string; readonly progress: ReplayProgress; readonly finishedAt: Date | null }): Promise<void>
  /** Stops one that is running; returns it as it is then, null when there is none. */
  cancel(request: { readonly tenantId: string; readonly id: string; readonly at: Date }): Promise<Replay | null>
}
