import type { Clock } from "../ports/clock.ts"
import type { LeaseStore } from "../ports/lease-store.ts"

/** Leases in a map, by the given clock. */
export function createMemoryLeaseStore(options: { clock: Clock }): LeaseStore {
  const leases = new Map<string, { holder: string; until: number }>()
  return {
    acquire({ name, holder, ttlMs }) {
      const now = options.clock().getTime()
      const lease = leases.get(name)
      if (lease && lease.holder !== holder && lease.until > now) return Promise.resolve(false)
      leases.set(name, { holder, until: now + ttlMs })
      return Promise.resolve(true)
    },
    release({ name, holder }) {
      if (leases.get(name)?.holder === holder) leases.delete(name)
      return Promise.resolve()
    },
  }
}
