import type { TenantSettings } from "../configuration/tenant-settings.ts"

/**
 * What holds for each tenant at the moment, in the memory of every process: what `sluice.yaml` says, and beside it what was set
 * by the API. Ask anew for each job or request: a change reaches every process within seconds.
 */
export interface TenantDirectory {
  /** The settings in force; empty for a tenant that nobody has declared. */
  settingsOf(tenantId: string): TenantSettings
  /** Its keys are to be refused. */
  isDisabled(tenantId: string): boolean
  /** Declared in `sluice.yaml`, made by the API, or `default`. */
  isKnown(tenantId: string): boolean
}
