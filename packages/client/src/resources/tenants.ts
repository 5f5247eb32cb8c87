import type { CreateTenantRequest, TenantResource, UpdateTenantRequest } from "@sluice/core"
import { type CallOptions, listResource, type PageQuery } from "../paging/list-resource.ts"
import type { Listing } from "../paging/listing.ts"
import type { Transport } from "../transport/transport.ts"

/** For operators: the key needs `tenants:admin`. */
export interface Tenants {
  create(request: CreateTenantRequest, options?: CallOptions): Promise<TenantResource>
  /** Those of `sluice.yaml` and those made by the API, by id. */
  list(query?: PageQuery, options?: CallOptions): Listing<TenantResource>
  get(id: string, options?: CallOptions): Promise<TenantResource>
  /** What is left out stays; null takes a setting away. What `sluice.yaml` sets is refused. */
  update(id: string, changes: UpdateTenantRequest, options?: CallOptions): Promise<TenantResource>
  /** Has its keys refused. Jobs that were accepted before go on. */
  disable(id: string, options?: CallOptions): Promise<TenantResource>
  enable(id: string, options?: CallOptions): Promise<TenantResource>
}

const root = "/v1/tenants"

export function createTenants(transport: Transport): Tenants {
  const pathOf = (...parts: string[]) => [root, ...parts.map(encodeURIComponent)].join("/")
  return {
    create: (request, { signal } = {}) => transport.json({ method: "POST", path: root, body: request, signal }),
    list: (query = {}, { signal } = {}) => listResource(transport, { path: root, query: { ...query }, signal }),
    get: (id, { signal } = {}) => transport.json({ method: "GET", path: pathOf(id), signal }),
    update: (id, changes, { signal } = {}) =>
      transport.json({ method: "PATCH", path: pathOf(id), body: changes, repeatable: "safely", signal }),
    disable: (id, { signal } = {}) => transport.json({ method: "POST", path: pathOf(id, "disable"), repeatable: "safely", signal }),
    enable: (id, { signal } = {}) => transport.json({ method: "POST", path: pathOf(id, "enable"), repeatable: "safely", signal }),
  }
}
