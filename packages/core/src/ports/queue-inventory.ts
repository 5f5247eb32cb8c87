import type { QueueEntry } from "./job-queue.ts"

export type EntryRef = Pick<QueueEntry, "id" | "run" | "route">

/** Entries that no worker would ever get. */
export interface MissingEntries<Entry> {
  /** Not there at all. */
  readonly absent: readonly Entry[]
  /** There, but in no line: they have to be removed before they can be added again. */
  readonly stranded: readonly Entry[]
}

/** What the reconciler asks of the queue. Every method rejects with `QueueUnavailableError` when Redis does not answer in time. */
export interface QueueInventory {
  /** Of these, those that no worker would ever get. What waits, is delayed, or is worked on is none of them. */
  missing<Entry extends EntryRef>(entries: readonly Entry[]): Promise<MissingEntries<Entry>>
  /** Whether the queue has lost its memory since it was refilled, or never was. */
  hasForgotten(): Promise<boolean>
  /**
   * Runs `fill`, which puts everything into the queue that has to be there, and from then on counts on the queue's memory,
   * unless it was lost again, or somebody else began to refill it, meanwhile.
   */
  refill(fill: () => Promise<void>): Promise<void>
}
