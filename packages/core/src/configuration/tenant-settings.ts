import { z } from "zod"
import { milliseconds } from "../contract/scalars.ts"

/** What can be set for a tenant, in `sluice.yaml` or by the API. What is left out has no limit, or the default. */
export const tenantSettingFields = {
  /** Requests to the API, over all of its processes. */
  requestsPerMinute: z.int().positive().max(10_000_000),
  /** Jobs that have not begun to run. */
  maxQueuedJobs: z.int().positive(),
  /** Its share of the workers among tenants that compete. Default 1. */
  weight: z.number().positive().max(1_000),
  budgetUsdPerDay: z.number().positive(),
  /** How long an Idempotency-Key names its first request. Default 24 h. */
  idempotencyTtlMs: milliseconds,
}

export const tenantConfig = z.strictObject(tenantSettingFields).partial()
export type TenantConfig = z.infer<typeof tenantConfig>

/** A tenant's settings, from wherever they come. */
export type TenantSettings = TenantConfig
export type TenantSettingName = keyof typeof tenantSettingFields

/** In the order in which they are shown. */
export const tenantSettingNames = tenantConfig.keyof().options
