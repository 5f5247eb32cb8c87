import type { BatchCounts, BatchDefaults, BatchStatus } from "../contract/batch.ts"
import type { Metadata } from "../contract/submit.ts"

/** Where the completion of a batch is told. */
export interface BatchWebhook {
  readonly url: string
  /** Null: the tenant's own. */
  readonly secret: string | null
}

/** Jobs that were submitted together. What became of them is in the jobs; here is what holds them together. */
export interface Batch {
  readonly id: string
  readonly tenantId: string
  /** A creation that is sent again under this key finds the batch instead of making another. It lives as long as the batch. */
  readonly idempotencyKey: string | null
  /** With a key: SHA-256 over the settings, to tell a repeated creation from another one. */
  readonly requestHash: string | null
  readonly defaults: BatchDefaults
  readonly webhook: BatchWebhook | null
  readonly metadata: Metadata
  /** Of the request that made it: where the event that tells of its end belongs. */
  readonly traceparent: string | null
  readonly requestId: string | null
  /** Counts the submissions that brought new items: only the latest of them may close the batch. */
  readonly submission: number
  /** Every item has been sent. */
  readonly isClosed: boolean
  /** When a submission last said that it is about to add something. */
  readonly addedAt: Date
  /** At most some seconds old while the batch is active. */
  readonly counts: BatchCounts
  readonly countedAt: Date
  /** Somebody has to look after it: it is not complete, or a job of it was replayed. */
  readonly isActive: boolean
  /** Looked after until then at least: a replay is about to begin. */
  readonly activeUntil: Date | null
  readonly createdAt: Date
  readonly cancelRequestedAt: Date | null
  /** When all jobs had ended. Final: the event that tells of it is made once. */
  readonly completedAt: Date | null
  /** A delivery of `batch.completed` exists for each target. */
  readonly isAnnounced: boolean
}

export const noCounts: BatchCounts = { total: 0, queued: 0, running: 0, succeeded: 0, failed: 0, cancelled: 0, expired: 0 }

export function statusOf({ isClosed, cancelRequestedAt, completedAt }: Batch): BatchStatus {
  if (cancelRequestedAt !== null) return completedAt === null ? "cancelling" : "cancelled"
  if (completedAt !== null) return "completed"
  return isClosed ? "running" : "open"
}

/**
 * The idempotency key of a batch's job, by which an item that is sent again is recognised for as long as the job is kept. No
 * caller's own key has a line break.
 */
export function itemKey(item: { readonly batchId: string; readonly customId: string }): string {
  return `${item.batchId}\n${item.customId}`
}
