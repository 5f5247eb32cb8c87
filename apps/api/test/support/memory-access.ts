import { type ApiKey, type ApiKeyStore, newApiKeyId, type Scope, type TenantSettings, type TenantStore } from "@sluice/core"
import { createMemoryApiKeyStore, createMemoryTenantStore } from "@sluice/core/testing"
import { createKeyRing, createTenantDirectory, type KeyRing, type LiveTenantDirectory, newKeySecret } from "@sluice/engine"

export interface MemoryAccess {
  readonly keyStore: ApiKeyStore
  readonly tenantStore: TenantStore
  readonly keys: KeyRing
  readonly tenants: LiveTenantDirectory
  /** What `sluice.yaml` would say of tenants; may be changed. */
  readonly configured: Record<string, TenantSettings>
  /** Stores a key and returns what its owner sends. */
  makeKey(key: Partial<ApiKey> & { readonly scopes: readonly (Scope | string)[] }): Promise<{ readonly id: string; readonly text: string }>
}

/** Keys and tenants in memory. */
export function memoryAccess(): MemoryAccess {
  const keyStore = createMemoryApiKeyStore()
  const tenantStore = createMemoryTenantStore()
  const configured: Record<string, TenantSettings> = {}
  return {
    keyStore,
    tenantStore,
    configured,
    keys: createKeyRing({ store: keyStore, clock: () => new Date() }),
    tenants: createTenantDirectory({ store: tenantStore, configured: () => configured }),
    async makeKey(key) {
      const at = new Date()
      const { text, hash, hint } = newKeySecret()
      const id = newApiKeyId({ at })
      await keyStore.insert({
        id,
        tenantId: "default",
        name: "test",
        secrets: [{ hash, hint, createdAt: at, expiresAt: null }],
        createdAt: at,
        createdBy: "admin",
        expiresAt: null,
        lastUsedAt: null,
        revoked: null,
        ...key,
      })
      return { id, text }
    },
  }
}
