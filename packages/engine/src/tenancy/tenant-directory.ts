import { defaultTenantId, type Tenant, type TenantDirectory, type TenantSettings, type TenantStore } from "@sluice/core"

export interface LiveTenantDirectory extends TenantDirectory {
  /** Takes over at once what this process has changed itself. */
  learn(tenant: Tenant): void
  /** Takes over what others have changed. To be called every few seconds; rejects with `StorageUnavailableError`. */
  refresh(): Promise<void>
  /**
   * Resolves once the database has answered for the first time, and asks it if nobody has yet. To be awaited before a key is
   * trusted, since until then no tenant is known to be disabled. Rejects with `StorageUnavailableError`.
   */
  loaded(): Promise<void>
}

export interface TenantDirectoryOptions {
  readonly store: TenantStore
  /** What `sluice.yaml` says at the moment. */
  readonly configured: () => Readonly<Record<string, TenantSettings>>
}

const nothing: TenantSettings = {}

/** All tenants in memory. Until the database has answered for the first time only those of `sluice.yaml` are known. */
export function createTenantDirectory({ store, configured }: TenantDirectoryOptions): LiveTenantDirectory {
  const kept = new Map<string, Tenant>()
  let mark: Date | null = null
  let isLoaded = false
  let loading: Promise<void> | null = null
  const declared = (tenantId: string): TenantSettings | undefined => {
    const tenants = configured()
    return Object.hasOwn(tenants, tenantId) ? tenants[tenantId] : undefined
  }
  async function refresh(): Promise<void> {
    const { changed, mark: next } = await store.changedSince(mark)
    for (const tenant of changed) kept.set(tenant.id, tenant)
    mark = next
    isLoaded = true
  }
  return {
    settingsOf: (tenantId) => effectiveSettings(declared(tenantId), kept.get(tenantId)?.settings),
    isDisabled: (tenantId) => (kept.get(tenantId)?.disabled ?? null) !== null,
    isKnown: (tenantId) => tenantId === defaultTenantId || kept.has(tenantId) || declared(tenantId) !== undefined,
    learn: (tenant) => void kept.set(tenant.id, tenant),
    refresh,
    async loaded() {
      if (isLoaded) return
      // What comes at the same time shares one question.
      loading ??= refresh().finally(() => {
        loading = null
      })
      await loading
    },
  }
}

/** What the file says wins. */
export function effectiveSettings(declared: TenantSettings | undefined, kept: TenantSettings | undefined): TenantSettings {
  if (!declared || !kept) return declared ?? kept ?? nothing
  return { ...kept, ...declared }
}
