import { z } from "zod"
import { type TenantSettingName, tenantConfig, tenantSettingFields as fields } from "../configuration/tenant-settings.ts"
import { maxPageSize } from "./queries.ts"
import { name, timestamp } from "./scalars.ts"

type SettingSchemas = Record<TenantSettingName, z.ZodType>

const settingsInForce = z.strictObject({
  requestsPerMinute: fields.requestsPerMinute.nullable(),
  maxQueuedJobs: fields.maxQueuedJobs.nullable(),
  weight: fields.weight.nullable(),
  budgetUsdPerDay: fields.budgetUsdPerDay.nullable(),
  idempotencyTtlMs: fields.idempotencyTtlMs.nullable(),
} satisfies SettingSchemas)

const settingChanges = z.strictObject({
  requestsPerMinute: fields.requestsPerMinute.nullish(),
  maxQueuedJobs: fields.maxQueuedJobs.nullish(),
  weight: fields.weight.nullish(),
  budgetUsdPerDay: fields.budgetUsdPerDay.nullish(),
  idempotencyTtlMs: fields.idempotencyTtlMs.nullish(),
} satisfies SettingSchemas)

const title = z.string().min(1).max(200)

/** A tenant. Every key is always there. */
export const tenantResource = z.strictObject({
  id: z.string(),
  object: z.literal("tenant"),
  /** For people. */
  name: z.string().nullable(),
  /** Those in force. Null: no limit, or the default. */
  settings: settingsInForce,
  /** Those of them that `sluice.yaml` sets: they win, and are changed only there. */
  setByConfiguration: z.array(tenantConfig.keyof()),
  /** Its keys are refused since. Jobs that were accepted before go on. */
  disabled: z.strictObject({ at: timestamp, by: z.string() }).nullable(),
  /** Null for one that only `sluice.yaml` declares. */
  createdAt: timestamp.nullable(),
  updatedAt: timestamp.nullable(),
})
export type TenantResource = z.infer<typeof tenantResource>

/** The body of `POST /v1/tenants`. */
export const createTenantRequest = z.strictObject({
  /** Left out: `ten_` and a random id. */
  id: name.optional(),
  name: title.nullish(),
  settings: tenantConfig.optional(),
})
export type CreateTenantRequest = z.infer<typeof createTenantRequest>

/** The body of `PATCH /v1/tenants/{id}`. What is left out stays; null takes a setting away. */
export const updateTenantRequest = z.strictObject({ name: title.nullish(), settings: settingChanges.optional() })
export type UpdateTenantRequest = z.infer<typeof updateTenantRequest>

/** The query of `GET /v1/tenants`, by id. */
export const listTenantsQuery = z.strictObject({
  cursor: z.string().max(512).optional(),
  limit: z.coerce.number().int().min(1).max(maxPageSize).default(50),
})
export type ListTenantsQuery = z.infer<typeof listTenantsQuery>
