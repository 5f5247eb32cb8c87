import { type ApiKey, type ApiKeyStore, acceptsSecret, type Clock, StorageUnavailableError, statusOfKey } from "@sluice/core"
import { hashOfKey, mayBeKey } from "./key-secret.ts"
import { createKnownKeys } from "./known-keys.ts"

export interface KeyRingOptions {
  readonly store: ApiKeyStore
  readonly clock: Clock
  /** How long keys that are known go on being accepted while the database cannot confirm them. Default 15 min. */
  readonly graceMs?: number
  /** How long a text that is no key is remembered as such. Default 10 s. */
  readonly unknownForMs?: number
  /** Keys kept in memory; of more, those loaded first are looked up anew. Default 50,000. */
  readonly maxKeys?: number
}

export type KeyVerdict =
  | { readonly kind: "valid"; readonly key: ApiKey }
  | { readonly kind: "unknown" }
  | { readonly kind: "expired" }
  | { readonly kind: "revoked" }

/** The keys that this process has seen, kept in its memory and true to the database within seconds. */
export interface KeyRing {
  /**
   * Judges a key from memory; one that is not there costs one read of the database. Rejects with `StorageUnavailableError` when
   * neither can tell.
   */
  verify(text: string): Promise<KeyVerdict>
  /** Takes over at once what this process has changed itself. */
  learn(key: ApiKey): void
  /** Takes over what others have changed. To be called every few seconds. */
  refresh(): Promise<void>
  /** Writes down which keys were used since the last time. To be called every half minute or so, and at the end. */
  recordUses(): Promise<void>
}

const maxUnknown = 10_000

export function createKeyRing(options: KeyRingOptions): KeyRing {
  const { store, clock, graceMs = 900_000, unknownForMs = 10_000, maxKeys = 50_000 } = options
  const known = createKnownKeys(maxKeys)
  const unknownUntil = new Map<string, number>()
  const searches = new Map<string, Promise<ApiKey | null>>()
  const uses = new Map<string, number>()
  let mark: Date | null = null
  let refreshedAtMs = Number.NEGATIVE_INFINITY

  /** Concurrent searches for the same key are one. */
  function search(hash: string): Promise<ApiKey | null> {
    const underWay = searches.get(hash)
    if (underWay) return underWay
    const searching = store.findByHash(hash).finally(() => searches.delete(hash))
    searches.set(hash, searching)
    return searching
  }

  async function load(hash: string, nowMs: number): Promise<ApiKey | null> {
    if ((unknownUntil.get(hash) ?? 0) > nowMs) return null
    const key = await search(hash)
    if (key) known.put(key, hash, nowMs)
    else remember(hash, nowMs)
    return key
  }

  function remember(hash: string, nowMs: number): void {
    if (unknownUntil.size >= maxUnknown) unknownUntil.clear()
    unknownUntil.set(hash, nowMs + unknownForMs)
  }

  return {
    async verify(text) {
      if (!mayBeKey(text)) return { kind: "unknown" }
      const hash = hashOfKey(text)
      const now = clock()
      const nowMs = now.getTime()
      const kept = known.find(hash)
      const isConfirmed = kept !== null && Math.max(kept.loadedAtMs, refreshedAtMs) + graceMs > nowMs
      const key = isConfirmed ? kept.key : await load(hash, nowMs)
      if (!key || !acceptsSecret(key, hash, now)) return { kind: "unknown" }
      const status = statusOfKey(key, now)
      if (status !== "active") return { kind: status }
      uses.set(key.id, nowMs)
      return { kind: "valid", key }
    },
    learn: known.update,
    async refresh() {
      const startedAtMs = clock().getTime()
      const { changed, mark: next } = await store.changedSince(mark)
      for (const key of changed) known.update(key)
      mark = next
      refreshedAtMs = startedAtMs
    },
    async recordUses() {
      const noted = [...uses].map(([id, atMs]) => ({ id, at: new Date(atMs) }))
      uses.clear()
      try {
        await store.noteUses(noted)
      } catch (error) {
        if (!(error instanceof StorageUnavailableError)) throw error
        for (const { id, at } of noted) if (!uses.has(id)) uses.set(id, at.getTime())
        throw error
      }
    },
  }
}
