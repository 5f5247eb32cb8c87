import { z } from "zod"
import { grant } from "../tenancy/grant.ts"
import { pageQuery } from "./queries.ts"
import { moment, timestamp } from "./scalars.ts"

const dayMs = 86_400_000

export const apiKeyId = z
  .string()
  .regex(/^key_[0-9a-f]{32}$/, "Expected a key's id such as key_01993f0ac1d27c4e8b60a1b2c3d4e5f6")
  .meta({ description: "A key's id.", examples: ["key_01993f10aa1b7c2d8e3f405162738495"] })

export const apiKeyResource = z
  .strictObject({
    id: apiKeyId,
    object: z.literal("api_key"),
    tenantId: z.string(),
    name: z.string(),
    status: z
      .enum(["active", "expired", "revoked"])
      .describe("Keys that are `revoked` or `expired` are refused. They stay in lists, since the audit log names them."),
    scopes: z.array(z.string()).describe("Scopes such as `jobs:read`, and wildcards such as `jobs:*`."),
    hint: z.string().describe("The first characters of its secret, to tell keys apart."),
    createdAt: timestamp,
    createdBy: z.string().describe("The key that made it, or `admin`."),
    expiresAt: timestamp.nullable(),
    previousSecretExpiresAt: timestamp
      .nullable()
      .describe("When the secrets from before the last rotation end; until then they are accepted too."),
    lastUsedAt: timestamp.nullable().describe("To within a minute; null when it was never used."),
    revokedAt: timestamp.nullable(),
    revokedBy: z.string().nullable(),
    key: z.string().optional().describe("What to send as `Authorization: Bearer`. Only in the answers of creation and rotation."),
  })
  .meta({ id: "ApiKey", description: "A key of a tenant. Every key but `key` is always there." })
export type ApiKeyResource = z.infer<typeof apiKeyResource>

export const createApiKeyRequest = z
  .strictObject({
    name: z.string().min(1).max(100).describe("For people: what uses it."),
    scopes: z
      .array(grant)
      .min(1)
      .max(50)
      .refine((list) => new Set(list).size === list.length, { error: "Given more than once" })
      .describe("Scopes such as `jobs:read`, and wildcards such as `jobs:*`: no more than the key that makes it has."),
    expiresAt: moment.nullish().describe("Left out: when the key that makes it expires. Null: never."),
  })
  .meta({ id: "CreateApiKeyRequest" })
export type CreateApiKeyRequest = z.infer<typeof createApiKeyRequest>

export const rotateApiKeyRequest = z
  .strictObject({
    overlapMs: z
      .int()
      .nonnegative()
      .max(30 * dayMs)
      .optional()
      .describe("How long the old secret goes on being accepted. Default 24 h; 0 ends it at once; at most 30 days."),
  })
  .meta({ id: "RotateApiKeyRequest" })
export type RotateApiKeyRequest = z.infer<typeof rotateApiKeyRequest>

/** The query of `GET /v1/api-keys`, newest first. */
export const listApiKeysQuery = z.strictObject({ ...pageQuery })
export type ListApiKeysQuery = z.infer<typeof listApiKeysQuery>
