import type { TenantChanges, TenantStore } from "../ports/tenant-store.ts"
import type { Tenant } from "../tenancy/tenant.ts"

/** Tenants in a map. It passes the same conformance suite as the real store. */
export function createMemoryTenantStore(): TenantStore {
  const tenants = new Map<string, Tenant>()
  const put = (tenant: Tenant): Tenant => {
    tenants.set(tenant.id, tenant)
    return tenant
  }
  return {
    insert(tenant) {
      if (tenants.has(tenant.id)) return Promise.resolve(false)
      put(tenant)
      return Promise.resolve(true)
    },
    find: (id) => Promise.resolve(tenants.get(id) ?? null),
    list({ after, limit }) {
      const following = [...tenants.values()].filter(({ id }) => after === null || id > after)
      return Promise.resolve(following.sort((a, b) => (a.id < b.id ? -1 : 1)).slice(0, limit))
    },
    upsert({ id, at, changes }) {
      const before = tenants.get(id) ?? { id, name: null, settings: {}, disabled: null, createdAt: at, updatedAt: at }
      return Promise.resolve(put(changed(before, changes, at)))
    },
    // All of them each time: `Changes of the last minute may come again`, and older ones do no harm.
    changedSince: () => Promise.resolve({ changed: [...tenants.values()], mark: new Date(0) }),
  }
}

function changed(tenant: Tenant, { name = tenant.name, settings = {}, disabled = tenant.disabled }: TenantChanges, at: Date): Tenant {
  const merged = Object.entries({ ...tenant.settings, ...settings }).filter(([, value]) => value !== null && value !== undefined)
  return { ...tenant, name, settings: Object.fromEntries(merged), disabled, updatedAt: at }
}
