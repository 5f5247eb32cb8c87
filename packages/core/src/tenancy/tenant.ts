import type { TenantSettings } from "../configuration/tenant-settings.ts"

/** A tenant as the API keeps it: one that was made there, or what was set there for one that `sluice.yaml` declares. */
export interface Tenant {
  /** Chosen by whoever made it, or `ten_..`. */
  readonly id: string
  readonly name: string | null
  readonly settings: TenantSettings
  /** Its keys are refused since. Jobs that were accepted before go on. */
  readonly disabled: { readonly at: Date; readonly by: string } | null
  readonly createdAt: Date
  readonly updatedAt: Date
}

/** For whom the admin key acts when it does not say; it exists without being declared. */
export const defaultTenantId = "default"
