import type { Priority } from "@sluice/core"

/** Of an entry that was fetched once and handed back: it has waited its turn already. BullMQ serves lower numbers first. */
export const handedBackPriority = 1

const bullPriorities: Readonly<Record<Priority, number>> = { interactive: 10, standard: 20, bulk: 30 }

/** Strictly in this order: interactive, standard, bulk; first come first served within each. */
export function bullPriorityOf(priority: Priority): number {
  return bullPriorities[priority]
}
