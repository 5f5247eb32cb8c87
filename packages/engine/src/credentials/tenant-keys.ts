import type { Clock, ProviderCredential, ProviderCredentialStore, TenantKeyRef } from "@sluice/core"

/** Tenants' own keys, as executions need them. */
export interface TenantKeys {
  /** The keys of a tenant by their names. Rejects with `StorageUnavailableError` when they cannot be read. */
  of(tenantId: string): Promise<ReadonlyMap<string, TenantKeyRef>>
  /** Null: the key has been removed or replaced. */
  secretOf(ref: TenantKeyRef): Promise<string | null>
}

export interface TenantKeysOptions {
  readonly store: ProviderCredentialStore
  readonly clock: Clock
  /** How soon a change takes effect. Default 3 s. */
  readonly keepMs?: number
  /** Told when the last use of a key could not be noted. */
  readonly onError?: (error: unknown) => void
}

type Key = ProviderCredential & { readonly secret: string }

interface Kept {
  readonly readAtMs: number
  readonly keys: Promise<readonly Key[]>
}

/** The last use is noted no more often than this. */
const noteEveryMs = 60_000
/** Of tenants that nobody asks for any more nothing is kept. */
const maxTenants = 1_000

/** Nobody has keys of their own. */
export const noTenantKeys: TenantKeys = { of: () => Promise.resolve(new Map()), secretOf: () => Promise.resolve(null) }

/** Reads a tenant's keys once for all who need them in the next seconds. A read that failed is not kept. */
export function createTenantKeys({ store, clock, keepMs = 3_000, onError = () => undefined }: TenantKeysOptions): TenantKeys {
  const kept = new Map<string, Kept>()
  const notedAtMs = new Map<string, number>()

  function keysOf(tenantId: string): Promise<readonly Key[]> {
    const known = kept.get(tenantId)
    const nowMs = clock().getTime()
    if (known && nowMs - known.readAtMs < keepMs) return known.keys
    const read = { readAtMs: nowMs, keys: store.secretsOf({ tenantId }) }
    kept.delete(tenantId)
    kept.set(tenantId, read)
    const oldest = kept.size > maxTenants ? kept.keys().next().value : undefined
    if (oldest !== undefined) kept.delete(oldest)
    read.keys.catch(() => kept.get(tenantId) === read && kept.delete(tenantId))
    return read.keys
  }

  function noteUse({ tenantId, name, revision }: TenantKeyRef): void {
    const at = clock()
    if (at.getTime() - (notedAtMs.get(revision) ?? 0) < noteEveryMs) return
    if (notedAtMs.size >= maxTenants) notedAtMs.clear()
    notedAtMs.set(revision, at.getTime())
    store.noteUse({ tenantId, name, at }).catch(onError)
  }

  return {
    async of(tenantId) {
      const keys = await keysOf(tenantId)
      return new Map(keys.map(({ name, revision }) => [name, { tenantId, name, revision }]))
    },
    async secretOf(ref) {
      const keys = await keysOf(ref.tenantId)
      const key = keys.find(({ name, revision }) => name === ref.name && revision === ref.revision)
      if (!key) return null
      noteUse(ref)
      return key.secret
    },
  }
}
