import type { JobQueue, QueueEntry } from "../ports/job-queue.ts"

export interface MemoryJobQueue extends JobQueue {
  /** What is in the queue, in the order in which it came. */
  entries(): readonly QueueEntry[]
}

/** Remembers entries; nothing takes them out but `remove`. For tests of what enqueues. */
export function createMemoryJobQueue(): MemoryJobQueue {
  const entries = new Map<string, QueueEntry>()
  const keyOf = ({ id, run, route }: Pick<QueueEntry, "id" | "run" | "route">) => `${route}/${id}-${run}`
  return {
    enqueue(added) {
      for (const entry of added) if (!entries.has(keyOf(entry))) entries.set(keyOf(entry), entry)
      return Promise.resolve()
    },
    remove(entry) {
      entries.delete(keyOf(entry))
      return Promise.resolve()
    },
    entries: () => [...entries.values()],
  }
}
