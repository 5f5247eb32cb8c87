/** Secrets that have to be fetched, kept for a while. */
export interface SecretCache {
  /** What is kept, or fetched; concurrent callers share one fetch. Rejects as the fetch does; a failure is not kept. */
  get(key: string): Promise<string>
  /** Fetches anew, because what is kept was rejected; not more often than once a second for one secret. */
  renew(key: string): Promise<string>
}

export interface SecretCacheOptions {
  readonly fetch: (key: string) => Promise<string>
  /** How old a secret may be. */
  readonly keepMs: number
  /** How much older it may be while it cannot be fetched. Default 0. */
  readonly graceMs?: number
  /** Milliseconds on a clock that never goes back. */
  readonly now: () => number
}

interface Entry {
  readonly fetchedAt: number
  /** When it was fetched, or could not be: the time that counts for the next look. */
  readonly checkedAt: number
  readonly secret: Promise<string>
}

const renewEveryMs = 1_000
/** After a failure the old secret is good for so long before the next look. */
const retryMs = 10_000

export function createSecretCache({ fetch, keepMs, graceMs = 0, now }: SecretCacheOptions): SecretCache {
  const entries = new Map<string, Entry>()

  function refetch(key: string): Promise<string> {
    const previous = entries.get(key)
    const at = now()
    const entry = { fetchedAt: at, checkedAt: at, secret: fetch(key) }
    entries.set(key, entry)
    return entry.secret.catch((error: unknown) => {
      if (entries.get(key) !== entry) throw error
      entries.delete(key)
      if (previous === undefined || now() - previous.fetchedAt >= keepMs + graceMs) throw error
      entries.set(key, { ...previous, checkedAt: now() - keepMs + Math.min(keepMs, retryMs) })
      return previous.secret
    })
  }

  const pending = new Map<string, Promise<string>>()
  function shared(key: string): Promise<string> {
    const running = pending.get(key)
    if (running !== undefined) return running
    const started = refetch(key).finally(() => pending.delete(key))
    pending.set(key, started)
    return started
  }

  return {
    async get(key) {
      const entry = entries.get(key)
      return entry && !pending.has(key) && now() - entry.checkedAt < keepMs ? await entry.secret : await shared(key)
    },
    async renew(key) {
      const entry = entries.get(key)
      return entry && !pending.has(key) && now() - entry.fetchedAt < renewEveryMs ? await entry.secret : await shared(key)
    },
  }
}
