import {
  type ApiKey,
  type ApiKeyStore,
  newApiKeyId,
  type QueuedJobs,
  type Scope,
  type TenantSettings,
  type TenantStore,
} from "@sluice/core"
import { createMemoryApiKeyStore, createMemoryTenantStore } from "@sluice/core/testing"
import {
  type ApiKeys,
  createApiKeys,
  createKeyRing,
  createLocalTenantGate,
  createTenantDirectory,
  createTenantLimits,
  createTenants,
  type KeyRing,
  type LiveTenantDirectory,
  newKeySecret,
  type TenantLimits,
  type Tenants,
} from "@sluice/engine"
import { createDashboardSessions, type DashboardSessions } from "../../src/dashboard/sessions.ts"

export interface MemoryAccess {
  readonly apiKeyStore: ApiKeyStore
  readonly tenantStore: TenantStore
  readonly limits: TenantLimits
  readonly apiKeys: ApiKeys
  readonly tenantOperations: Tenants
  readonly keys: KeyRing
  readonly sessions: DashboardSessions
  readonly tenants: LiveTenantDirectory
  /** What `sluice.yaml` would say of tenants; may be changed. */
  readonly configured: Record<string, TenantSettings>
  /** Stores a key and returns what its owner sends. */
  makeKey(key: Partial<ApiKey> & { readonly scopes: readonly (Scope | string)[] }): Promise<{ readonly id: string; readonly text: string }>
}

const noJobs: QueuedJobs = { count: () => Promise.resolve(0) }

/** Keys and tenants in memory. */
export function memoryAccess({ queuedJobs = noJobs }: { readonly queuedJobs?: QueuedJobs } = {}): MemoryAccess {
  const apiKeyStore = createMemoryApiKeyStore()
  const tenantStore = createMemoryTenantStore()
  const configured: Record<string, TenantSettings> = {}
  const clock = () => new Date()
  const localGate = createLocalTenantGate({ clock })
  const keys = createKeyRing({ store: apiKeyStore, clock })
  const tenants = createTenantDirectory({ store: tenantStore, configured: () => configured })
  return {
    apiKeyStore,
    tenantStore,
    configured,
    keys,
    sessions: createDashboardSessions({ secret: "sk_test_0123456789", clock }),
    tenants,
    limits: createTenantLimits({ tenants, gate: localGate, localGate, queuedJobs }),
    apiKeys: createApiKeys({ store: apiKeyStore, isTenant: (id) => Promise.resolve(tenants.isKnown(id)), onChange: keys.learn, clock }),
    tenantOperations: createTenants({ store: tenantStore, configured: () => configured, onChange: tenants.learn, clock }),
    async makeKey(key) {
      const at = new Date()
      const { text, hash, hint } = newKeySecret()
      const id = newApiKeyId({ at })
      await apiKeyStore.insert({
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
