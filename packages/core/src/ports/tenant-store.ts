import type { TenantSettings } from "../configuration/tenant-settings.ts"
import type { Tenant } from "../tenancy/tenant.ts"

export interface TenantChanges {
  readonly name?: string | null | undefined
  /** Null takes a setting away; those that are not named stay. */
  readonly settings?: { readonly [Name in keyof TenantSettings]?: TenantSettings[Name] | null | undefined } | undefined
  readonly disabled?: Tenant["disabled"] | undefined
}

/** The tenants that the API keeps. Every method rejects with `StorageUnavailableError` as the other stores'. */
export interface TenantStore {
  /** False when there is one of this id. */
  insert(tenant: Tenant): Promise<boolean>
  find(id: string): Promise<Tenant | null>
  /** By id, ascending; `after` is the last of the previous page. */
  list(request: { readonly after: string | null; readonly limit: number }): Promise<readonly Tenant[]>
  /** Changes what is given and returns the tenant as it is then. One that is not kept yet is made with what is given. */
  upsert(request: { readonly id: string; readonly at: Date; readonly changes: TenantChanges }): Promise<Tenant>
  /** Those that changed since a mark, all when it is null; and the mark for the next time. Changes of the last minute may come again. */
  changedSince(mark: Date | null): Promise<{ readonly changed: readonly Tenant[]; readonly mark: Date | null }>
}
