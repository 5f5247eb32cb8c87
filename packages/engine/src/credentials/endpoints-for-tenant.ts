import type { Endpoint, RouteConfig, TenantKeyRef } from "@sluice/core"
import type { Catalog } from "../catalog.ts"
import type { TenantKeys } from "./tenant-keys.ts"

export interface TenantEndpoints {
  /** As they are for this tenant: those that take its own key name that key. */
  readonly endpoints: ReadonlyMap<string, Endpoint>
  /** Those that the tenant cannot use, for want of a key of its own. They are not among `endpoints`. */
  readonly lacking: ReadonlySet<string>
}

const nothing: ReadonlySet<string> = new Set()

/** The endpoints of a route as a tenant may use them. Where none takes tenants' keys this is the catalog's own map, and nobody is asked. */
export async function endpointsForTenant(
  tenantKeys: TenantKeys,
  { tenantId, route, catalog }: { readonly tenantId: string; readonly route: RouteConfig; readonly catalog: Catalog },
): Promise<TenantEndpoints> {
  const names = route.tiers.flatMap((tier) => ("endpoints" in tier ? tier.endpoints : []))
  const own = names.flatMap((name) => catalog.endpoints.get(name) ?? []).filter(takesTenantKeys)
  if (own.length === 0) return { endpoints: catalog.endpoints, lacking: nothing }
  const keys = await tenantKeys.of(tenantId)
  const endpoints = new Map(catalog.endpoints)
  const lacking = new Set<string>()
  for (const endpoint of own) {
    const tenantKey = keyFor(endpoint, keys)
    if (tenantKey) endpoints.set(endpoint.name, { ...endpoint, tenantKey })
    else if (endpoint.credential === "tenant") {
      endpoints.delete(endpoint.name)
      lacking.add(endpoint.name)
    }
  }
  return { endpoints, lacking }
}

export function takesTenantKeys({ credential }: Pick<Endpoint, "credential">): boolean {
  return credential === "tenant" || credential === "tenant-then-platform"
}

/** A key for the endpoint itself goes before one for its provider. */
function keyFor({ name, provider }: Endpoint, keys: ReadonlyMap<string, TenantKeyRef>): TenantKeyRef | undefined {
  return keys.get(name) ?? keys.get(provider)
}
