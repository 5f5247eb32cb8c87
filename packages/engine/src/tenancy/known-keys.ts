import type { ApiKey } from "@sluice/core"

export interface KnownKey {
  readonly key: ApiKey
  readonly loadedAtMs: number
}

/** Keys in memory, found by the hash of any of their secrets. */
export interface KnownKeys {
  find(hash: string): KnownKey | null
  put(key: ApiKey, hash: string, loadedAtMs: number): void
  /** Replaces a key that is here; another does not concern it. */
  update(key: ApiKey): void
}

/** At most `maxKeys`; beyond, those that came first go. */
export function createKnownKeys(maxKeys: number): KnownKeys {
  const keys = new Map<string, KnownKey>()
  const ids = new Map<string, string>()
  const hashes = new Map<string, Set<string>>()

  function drop(id: string): void {
    for (const hash of hashes.get(id) ?? []) ids.delete(hash)
    hashes.delete(id)
    keys.delete(id)
  }

  return {
    find: (hash) => keys.get(ids.get(hash) ?? "") ?? null,
    put(key, hash, loadedAtMs) {
      keys.set(key.id, { key, loadedAtMs })
      ids.set(hash, key.id)
      const of = hashes.get(key.id) ?? new Set()
      hashes.set(key.id, of.add(hash))
      const [oldest] = keys.size > maxKeys ? keys.keys() : []
      if (oldest !== undefined) drop(oldest)
    },
    update(key) {
      const kept = keys.get(key.id)
      if (kept) keys.set(key.id, { ...kept, key })
    },
  }
}
