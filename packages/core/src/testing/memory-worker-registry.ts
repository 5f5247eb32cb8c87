import type { Clock } from "../ports/clock.ts"
import type { WorkerRegistry } from "../ports/worker-registry.ts"

/** Workers in a map, by the given clock. */
export function createMemoryWorkerRegistry({ clock }: { readonly clock: Clock }): WorkerRegistry {
  const until = new Map<string, number>()
  return {
    beat({ workerId, ttlMs }) {
      until.set(workerId, clock().getTime() + ttlMs)
      return Promise.resolve()
    },
    leave(workerId) {
      until.delete(workerId)
      return Promise.resolve()
    },
    live() {
      const now = clock().getTime()
      return Promise.resolve(Array.from(until).flatMap(([workerId, end]) => (end > now ? [workerId] : [])))
    },
  }
}
