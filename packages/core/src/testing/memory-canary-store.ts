import { type CanaryResult, type CanaryStore, canaryKeyOf } from "../ports/canary-store.ts"

/** Results in a map. */
export function createMemoryCanaryStore(): CanaryStore {
  const results = new Map<string, CanaryResult>()
  const claims = new Map<string, Date>()
  return {
    list: () => Promise.resolve([...results.values()]),
    claim({ at, everyMs, ...ref }) {
      const key = canaryKeyOf(ref)
      const last = claims.get(key)
      const isDue = last === undefined || at.getTime() - last.getTime() >= everyMs
      if (isDue) claims.set(key, at)
      return Promise.resolve(isDue)
    },
    record(result) {
      results.set(canaryKeyOf(result), result)
      return Promise.resolve()
    },
    retain(refs) {
      const kept = new Set(refs.map(canaryKeyOf))
      for (const map of [results, claims]) for (const key of map.keys()) if (!kept.has(key)) map.delete(key)
      return Promise.resolve()
    },
  }
}
