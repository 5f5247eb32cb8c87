import { type TenantResource, tenantSettingNames } from "@sluice/core"
import { effectiveSettings } from "./tenant-directory.ts"
import type { TenantView } from "./tenants.ts"

/** A tenant as the wire shows it, with the settings in force. */
export function presentTenant({ id, declared, kept }: TenantView): TenantResource {
  const settings = effectiveSettings(declared ?? undefined, kept?.settings)
  return {
    id,
    object: "tenant",
    name: kept?.name ?? null,
    settings: {
      requestsPerMinute: settings.requestsPerMinute ?? null,
      maxQueuedJobs: settings.maxQueuedJobs ?? null,
      weight: settings.weight ?? null,
      budgetUsdPerDay: settings.budgetUsdPerDay ?? null,
      idempotencyTtlMs: settings.idempotencyTtlMs ?? null,
      retainMs: settings.retainMs ?? null,
    },
    setByConfiguration: tenantSettingNames.filter((name) => declared?.[name] !== undefined),
    disabled: kept?.disabled ? { at: kept.disabled.at.toISOString(), by: kept.disabled.by } : null,
    createdAt: kept?.createdAt.toISOString() ?? null,
    updatedAt: kept?.updatedAt.toISOString() ?? null,
  }
}
