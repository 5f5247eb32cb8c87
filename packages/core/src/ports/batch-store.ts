import type { Batch } from "../batch/batch.ts"
import type { BatchCounts } from "../contract/batch.ts"

export type BatchInsertOutcome = { readonly kind: "inserted" } | { readonly kind: "existing"; readonly batch: Batch }

export interface BatchRef {
  readonly tenantId: string
  readonly id: string
}

/**
 * Where batches are kept, apart from their jobs. Each write is one atomic conditional write. Every method rejects with
 * `StorageUnavailableError` when the database does not answer in time.
 */
export interface BatchStore {
  /** Inserting the same id again is `inserted`; another id under the tenant's same idempotency key is `existing`. */
  insert(batch: Batch): Promise<BatchInsertOutcome>
  find(ref: BatchRef): Promise<Batch | null>
  /** Newest first; `before` is the id of the last batch of the page before. */
  list(request: { readonly tenantId: string; readonly before: string | null; readonly limit: number }): Promise<readonly Batch[]>
  /**
   * Announces a submission of new items: opens the batch, also one that was closed, and returns it as it is then. Null when it
   * is complete, cancelled or not there: nothing may be added.
   */
  open(request: BatchRef & { readonly at: Date }): Promise<Batch | null>
  /** Says that this submission is about to add more. False when nothing may be added any more. */
  keepOpen(request: BatchRef & { readonly at: Date }): Promise<boolean>
  /** Every item has been sent. Changes nothing when a later submission has begun. */
  close(request: BatchRef & { readonly submission: number }): Promise<void>
  /** Lets nothing more be added. Returns the batch as it is then: one that was complete stays so. Null when it is not there. */
  cancel(request: BatchRef & { readonly at: Date }): Promise<Batch | null>
  /** Of all tenants those that are active, the longest not counted first. */
  findActive(request: { readonly limit: number }): Promise<readonly Batch[]>
  recordCounts(request: { readonly id: string; readonly counts: BatchCounts; readonly at: Date }): Promise<void>
  /**
   * Completes a batch of which nothing has been added since it was looked at: its `submission` and `addedAt` are the same,
   * and it is closed or cancelled. Returns whether this call did so.
   */
  complete(request: {
    readonly batch: Pick<Batch, "id" | "submission" | "addedAt">
    readonly counts: BatchCounts
    readonly at: Date
  }): Promise<boolean>
  markAnnounced(request: { readonly id: string }): Promise<void>
  /** A job of the batch is about to be replayed: it is looked after again, until this time at least. */
  activate(request: BatchRef & { readonly until: Date }): Promise<void>
  /** Looks after a complete batch no longer, unless it has to be active beyond `at`. */
  settle(request: { readonly id: string; readonly counts: BatchCounts; readonly at: Date }): Promise<void>
  /** Of all tenants those that were completed before this time and are not active, by id, from after this one on. */
  findSettled(request: {
    readonly completedBefore: Date
    readonly after: string | null
    readonly limit: number
  }): Promise<readonly Pick<Batch, "id" | "tenantId" | "completedAt">[]>
  /** Removes a batch with the deliveries of its event, unless one of them is still to be made. */
  remove(request: BatchRef & { readonly eventId: string }): Promise<void>
}
