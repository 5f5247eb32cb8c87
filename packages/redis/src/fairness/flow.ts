import type { Priority, QueueEntry } from "@sluice/core"
import { fairStep } from "@sluice/resilience"

/** Short, since every entry holds the name of its flow, and in a hash that stays small every value has less than 64 bytes. */
const initials: Readonly<Record<Priority, string>> = { interactive: "i", standard: "s", bulk: "b" }

export interface Flow {
  readonly flow: string
  /** In virtual time; see `fairStep`. */
  readonly step: number
}

/**
 * Whose share an entry uses: each tenant has one per priority, so that its interactive jobs do not wait for its own bulk, and
 * a small step never shortens what a large one has cost.
 */
export function flowOf({ tenantId, priority, weight }: Pick<QueueEntry, "tenantId" | "priority" | "weight">): Flow {
  return { flow: `${initials[priority]}:${tenantId}`, step: fairStep({ priority, weight }) }
}
