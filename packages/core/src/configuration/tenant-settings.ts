import { z } from "zod"
import { milliseconds } from "../contract/scalars.ts"

/** What can be set for a tenant, in `sluice.yaml` or by the API. What is left out has no limit, or the default. */
export const tenantSettingFields = {
  requestsPerMinute: z.int().positive().max(10_000_000).describe("Requests to the API within any minute, over all of its processes."),
  maxQueuedJobs: z.int().positive().describe("Jobs that have not begun to run."),
  weight: z.number().positive().max(1_000).describe("Its share of the workers among tenants that compete. Default 1."),
  budgetUsdPerDay: z.number().positive().describe("Spent from midnight to midnight UTC; then its jobs wait."),
  idempotencyTtlMs: milliseconds.describe("How long an Idempotency-Key names its first request. Default 86400000 (24 h)."),
  retainMs: milliseconds.describe(
    "How long its finished jobs are kept, with all that belongs to them, where neither the job nor its route says so. Default: `retention`.",
  ),
}

export const tenantConfig = z.strictObject(tenantSettingFields).partial()
export type TenantConfig = z.infer<typeof tenantConfig>

/** A tenant's settings, from wherever they come. */
export type TenantSettings = TenantConfig
export type TenantSettingName = keyof typeof tenantSettingFields

/** In the order in which they are shown. */
export const tenantSettingNames = tenantConfig.keyof().options
