import type { TenantSettings } from "../configuration/tenant-settings.ts"
import type { TenantDirectory } from "../ports/tenant-directory.ts"

/** A directory of these tenants, which may be changed under it. */
export function createMemoryTenantDirectory(tenants: Readonly<Record<string, TenantSettings>> = {}): TenantDirectory {
  return {
    settingsOf: (tenantId) => (Object.hasOwn(tenants, tenantId) ? tenants[tenantId] : undefined) ?? {},
    isDisabled: () => false,
    isKnown: (tenantId) => Object.hasOwn(tenants, tenantId),
  }
}
