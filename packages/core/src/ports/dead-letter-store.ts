import type { DeadLetterKind, DeadLetterState, SummaryKey } from "../contract/dead-letter.ts"
import type { DeadLetter } from "../job/dead-letter.ts"
import type { Discard } from "../job/job.ts"

/** Times are exclusive, and those of the dead letters. */
export interface DeadLetterFilter {
  readonly tenantId: string
  readonly ids?: readonly string[] | undefined
  readonly kind?: DeadLetterKind | undefined
  readonly state?: DeadLetterState | undefined
  readonly route?: string | undefined
  readonly errorType?: string | undefined
  /** Null: those that no endpoint was called for. */
  readonly endpoint?: string | null | undefined
  readonly batchId?: string | undefined
  readonly metadata?: Readonly<Record<string, string>> | undefined
  readonly createdAfter?: Date | undefined
  readonly createdBefore?: Date | undefined
}

/** A place in a list that is ordered by time, then id. */
export interface DeadLetterPosition {
  readonly createdAt: Date
  readonly id: string
}

export interface DeadLetterPageRequest {
  readonly filter: DeadLetterFilter
  readonly order: "newest_first" | "oldest_first"
  /** That of the last one of the page before. */
  readonly after: DeadLetterPosition | null
  readonly limit: number
}

/** `inputKind` is the kind of the job. */
export type DeadLetterGrouping = SummaryKey | "inputKind"

export interface DeadLetterGroup {
  readonly key: string | null
  readonly count: number
}

/** Dead letters that have this in common. Deliveries are told apart by their receiver alone, and have no route here. */
export interface DeadLetterCause {
  readonly kind: DeadLetterKind
  readonly errorType: string
  readonly route: string | null
  readonly endpoint: string | null
  readonly count: number
  readonly oldestAt: Date
  readonly newestAt: Date
  /** The id of one of them. */
  readonly sampleId: string
}

/** How the runs of a replay stand. The rest of `requeued` has not ended yet. */
export interface ReplayProgress {
  readonly requeued: number
  readonly succeeded: number
  readonly failed: number
  readonly cancelled: number
}

/**
 * Dead letters of one kind: a view on what was given up, so none can be missing or left over. Every method rejects with
 * `StorageUnavailableError` when the database does not answer in time.
 */
export interface DeadLetterStore {
  list(request: DeadLetterPageRequest): Promise<readonly DeadLetter[]>
  find(request: { readonly tenantId: string; readonly id: string }): Promise<DeadLetter | null>
  /** The largest group first. */
  summarise(request: { readonly filter: DeadLetterFilter; readonly by: DeadLetterGrouping }): Promise<readonly DeadLetterGroup[]>
  /** By all that a cause is told by; the largest first, at most `limit`. */
  causes(request: { readonly filter: DeadLetterFilter; readonly limit: number }): Promise<readonly DeadLetterCause[]>
  /** Discards open ones, at most `limit` of them, and says how many; none: nothing is left that the filter selects. */
  discard(request: { readonly filter: DeadLetterFilter; readonly limit: number } & Discard): Promise<number>
  /** Discards open ones of all tenants that were created before, as `discard` does. */
  discardOld(request: { readonly createdBefore: Date; readonly limit: number } & Discard): Promise<number>
  /** Of all tenants: how many came to be within [from, until). */
  countFailures(request: { readonly from: Date; readonly until: Date }): Promise<number>
  progressOf(request: { readonly tenantId: string; readonly replayId: string }): Promise<ReplayProgress>
}

/** A delivery that was given up, of which webhooks have not been told. */
export interface UntoldDeadLetter {
  readonly letter: DeadLetter
  /** Of the event that could not be delivered. */
  readonly eventType: string
  /** When it was given up. */
  readonly at: Date
}

/** Webhook deliveries that were given up, as dead letters. */
export interface DeadDeliveries extends DeadLetterStore {
  /** Of all tenants, the oldest first. */
  findUntold(request: { readonly limit: number }): Promise<readonly UntoldDeadLetter[]>
  /** They need not be found again, unless they have been given up once more since. */
  markTold(letters: readonly UntoldDeadLetter[]): Promise<void>
  /** Sends an open one again. False: it is not open, or this replay has sent it before. */
  redeliver(request: {
    readonly tenantId: string
    readonly id: string
    readonly replayId: string
    readonly by: string
    readonly at: Date
  }): Promise<boolean>
}
