import { type CacheEntry, type CacheSelection, maxCachedBytes, type ResultCache } from "../ports/result-cache.ts"

/** Entries in a map. */
export function createMemoryResultCache(): ResultCache {
  const entries = new Map<string, CacheEntry>()
  const keyOf = ({ tenantId, route, requestKey }: Pick<CacheEntry, "tenantId" | "route" | "requestKey">) =>
    JSON.stringify([tenantId, route, requestKey])
  const kept = (tenantId: string, at: Date) => [...entries.values()].filter((entry) => entry.tenantId === tenantId && entry.keepUntil > at)

  return {
    put(entry) {
      if (new TextEncoder().encode(JSON.stringify(entry.output.output)).length > maxCachedBytes) return Promise.resolve("too_large")
      entries.set(keyOf(entry), structuredClone(entry))
      return Promise.resolve("stored")
    },
    find({ at, ...key }) {
      const entry = entries.get(keyOf(key))
      return Promise.resolve(entry && entry.keepUntil > at ? structuredClone(entry) : null)
    },
    findByCacheKey({ tenantId, route, cacheKey, at }) {
      const named = kept(tenantId, at).filter((entry) => entry.route === route && entry.cacheKey === cacheKey)
      return Promise.resolve(structuredClone(named.toSorted(newestFirst)[0] ?? null))
    },
    candidates({ tenantId, route, scope, space, at, limit }) {
      const found = kept(tenantId, at)
        .filter((entry) => entry.route === route && entry.scope === scope && entry.vector?.space === space)
        .toSorted(newestFirst)
        .flatMap(({ requestKey, vector, freshUntil }) => (vector ? { requestKey, values: vector.values.slice(), freshUntil } : []))
      return Promise.resolve(found.slice(0, limit))
    },
    invalidate({ tenantId, selection }) {
      const selected = [...entries].filter(([, entry]) => entry.tenantId === tenantId && isSelected(entry, selection))
      for (const [key] of selected) entries.delete(key)
      return Promise.resolve(selected.length)
    },
    count({ tenantId, at }) {
      const byRoute = Map.groupBy(kept(tenantId, at), ({ route }) => route)
      const counts = Array.from(byRoute, ([route, ofRoute]) => ({
        route,
        entries: ofRoute.length,
        fresh: ofRoute.filter(({ freshUntil }) => freshUntil > at).length,
      }))
      return Promise.resolve(counts.toSorted((a, b) => (a.route < b.route ? -1 : 1)))
    },
  }
}

/** Of two stored at the same moment the order of their keys decides, so that it is always the same one. */
function newestFirst(a: CacheEntry, b: CacheEntry): number {
  const byAge = b.storedAt.getTime() - a.storedAt.getTime()
  if (byAge !== 0) return byAge
  return a.requestKey < b.requestKey ? -1 : 1
}

function isSelected(entry: CacheEntry, selection: CacheSelection): boolean {
  switch (selection.by) {
    case "request":
      return entry.route === selection.route && entry.requestKey === selection.requestKey
    case "cacheKey":
      return entry.route === selection.route && entry.cacheKey === selection.cacheKey
    case "job":
      return entry.jobId === selection.jobId
    case "route":
      return entry.route === selection.route && !(selection.olderThan && entry.storedAt >= selection.olderThan)
  }
}
