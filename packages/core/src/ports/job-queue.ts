import type { Priority } from "../contract/submit.ts"

/** What the queue knows of a job: where it is and when it is due. Everything else is in the store. */
export interface QueueEntry {
  readonly id: string
  readonly run: number
  readonly route: string
  readonly tenantId: string
  readonly priority: Priority
  readonly notBefore: Date | null
  /** Its tenant's share of the workers among tenants that compete; above 0. Default 1. */
  readonly weight?: number
}

/** The scheduler. It may lose its memory at any time: what it holds can be made again from the store. */
export interface JobQueue {
  /**
   * Adds what is not there yet; adding an entry twice is harmless. Rejects with `QueueUnavailableError` when Redis
   * does not answer within the budget; the entry may have been added all the same.
   */
  enqueue(entries: readonly QueueEntry[]): Promise<void>
  /** Takes a waiting entry out. An entry that is being worked on stays. */
  remove(entry: Pick<QueueEntry, "id" | "run" | "route">): Promise<void>
}

export type ProcessOutcome = { readonly kind: "done" } | { readonly kind: "again"; readonly at: Date | null }

/**
 * Works on one entry. `again` puts the entry back without counting an attempt: delayed until `at`, or at the front of
 * the line when null. A rejection is a defect: it is logged, and the entry comes back after a short delay.
 */
export type ProcessEntry = (
  entry: { readonly id: string; readonly run: number; readonly route: string },
  signal: AbortSignal,
) => Promise<ProcessOutcome>
