import type { ApiKeyStore, ProviderCredentialStore, TenantStore } from "@sluice/core"

/** Keys of a store that need not be there yet. */
export function deferredApiKeys(keys: () => ApiKeyStore): ApiKeyStore {
  return {
    insert: async (key) => await keys().insert(key),
    find: async (ref) => await keys().find(ref),
    list: async (request) => await keys().list(request),
    findByHash: async (hash) => await keys().findByHash(hash),
    rotate: async (request) => await keys().rotate(request),
    revoke: async (request) => await keys().revoke(request),
    changedSince: async (mark) => await keys().changedSince(mark),
    noteUses: async (uses) => await keys().noteUses(uses),
  }
}

/** Tenants of a store that need not be there yet. */
export function deferredTenants(tenants: () => TenantStore): TenantStore {
  return {
    insert: async (tenant) => await tenants().insert(tenant),
    find: async (id) => await tenants().find(id),
    list: async (request) => await tenants().list(request),
    upsert: async (request) => await tenants().upsert(request),
    changedSince: async (mark) => await tenants().changedSince(mark),
  }
}

/** Tenants' keys at providers of a store that need not be there yet. */
export function deferredProviderCredentials(credentials: () => ProviderCredentialStore): ProviderCredentialStore {
  return {
    put: async (credential) => await credentials().put(credential),
    list: async (request) => await credentials().list(request),
    remove: async (request) => await credentials().remove(request),
    secretsOf: async (request) => await credentials().secretsOf(request),
    noteUse: async (use) => await credentials().noteUse(use),
  }
}
