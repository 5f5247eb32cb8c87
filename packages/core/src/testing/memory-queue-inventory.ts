import type { QueueInventory } from "../ports/queue-inventory.ts"
import type { MemoryJobQueue } from "./memory-job-queue.ts"

export interface MemoryQueueInventory extends QueueInventory {
  /** As a Redis that was emptied. */
  forget(): void
}

/** Looks into a queue in memory, in which nothing can be stranded. */
export function createMemoryQueueInventory(queue: MemoryJobQueue): MemoryQueueInventory {
  let remembers = false
  let refilling: object | null = null
  return {
    missing(entries) {
      const held = new Set(queue.entries().map(({ route, id, run }) => `${route}/${id}-${run}`))
      return Promise.resolve({ absent: entries.filter(({ route, id, run }) => !held.has(`${route}/${id}-${run}`)), stranded: [] })
    },
    hasForgotten: () => Promise.resolve(!remembers),
    async refill(fill) {
      const mine = {}
      refilling = mine
      await fill()
      if (refilling === mine) remembers = true
    },
    forget() {
      remembers = false
      refilling = null
      for (const entry of queue.entries()) void queue.remove(entry)
    },
  }
}
