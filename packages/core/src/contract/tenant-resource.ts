import { z } from "zod"
import { tenantSettingFields as fields, type TenantSettingName, tenantConfig } from "../configuration/tenant-settings.ts"
import { pageQuery } from "./queries.ts"
import { name, timestamp } from "./scalars.ts"

type SettingSchemas = Record<TenantSettingName, z.ZodType>

const settingsInForce = z.strictObject({
  requestsPerMinute: fields.requestsPerMinute.nullable(),
  maxQueuedJobs: fields.maxQueuedJobs.nullable(),
  weight: fields.weight.nullable(),
  budgetUsdPerDay: fields.budgetUsdPerDay.nullable(),
  idempotencyTtlMs: fields.idempotencyTtlMs.nullable(),
  retainMs: fields.retainMs.nullable(),
} satisfies SettingSchemas)

const settingChanges = z.strictObject({
  requestsPerMinute: fields.requestsPerMinute.nullish(),
  maxQueuedJobs: fields.maxQueuedJobs.nullish(),
  weight: fields.weight.nullish(),
  budgetUsdPerDay: fields.budgetUsdPerDay.nullish(),
  idempotencyTtlMs: fields.idempotencyTtlMs.nullish(),
  retainMs: fields.retainMs.nullish(),
} satisfies SettingSchemas)

const title = z.string().min(1).max(200).describe("For people.")

export const tenantResource = z
  .strictObject({
    id: z.string(),
    object: z.literal("tenant"),
    name: z.string().nullable().describe("For people."),
    settings: settingsInForce.describe("Those in force. Null: no limit, or the default."),
    setByConfiguration: z
      .array(tenantConfig.keyof())
      .describe("Those of them that `sluice.yaml` sets: they win, and are changed only there."),
    disabled: z
      .strictObject({ at: timestamp, by: z.string() })
      .nullable()
      .describe("Its keys are refused since. Jobs that were accepted before go on."),
    createdAt: timestamp.nullable().describe("Null for one that only `sluice.yaml` declares."),
    updatedAt: timestamp.nullable(),
  })
  .meta({ id: "Tenant", description: "A tenant. Every key is always there." })
export type TenantResource = z.infer<typeof tenantResource>

export const createTenantRequest = z
  .strictObject({
    id: name.optional().describe("Left out: `ten_` and a random id."),
    name: title.nullish(),
    settings: tenantConfig.optional(),
  })
  .meta({ id: "CreateTenantRequest" })
export type CreateTenantRequest = z.infer<typeof createTenantRequest>

export const updateTenantRequest = z
  .strictObject({ name: title.nullish(), settings: settingChanges.optional() })
  .meta({ id: "UpdateTenantRequest", description: "What is left out stays; null takes a setting away." })
export type UpdateTenantRequest = z.infer<typeof updateTenantRequest>

/** The query of `GET /v1/tenants`, by id. */
export const listTenantsQuery = z.strictObject({ ...pageQuery })
export type ListTenantsQuery = z.infer<typeof listTenantsQuery>
