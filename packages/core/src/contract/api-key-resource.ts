import { z } from "zod"
import { grant } from "../tenancy/scope.ts"
import { maxPageSize } from "./queries.ts"
import { timestamp } from "./scalars.ts"

const dayMs = 86_400_000

export const apiKeyId = z.string().regex(/^key_[0-9a-f]{32}$/, "Expected a key's id such as key_01993f0ac1d27c4e8b60a1b2c3d4e5f6")

/** A key of a tenant. Its secret is in the answers of creation and rotation only, this once. Every other key is always there. */
export const apiKeyResource = z.strictObject({
  id: apiKeyId,
  object: z.literal("api_key"),
  tenantId: z.string(),
  name: z.string(),
  /** `revoked` and `expired` keys are refused; they stay in lists, since the audit log names them. */
  status: z.enum(["active", "expired", "revoked"]),
  /** Scopes such as `jobs:read`, and wildcards such as `jobs:*`. */
  scopes: z.array(z.string()),
  /** The first characters of its secret, to tell keys apart. */
  hint: z.string(),
  createdAt: timestamp,
  /** The key that made it, or `admin`. */
  createdBy: z.string(),
  expiresAt: timestamp.nullable(),
  /** When the secrets from before the last rotation end; until then they are accepted too. */
  previousSecretExpiresAt: timestamp.nullable(),
  /** To within a minute; null when it was never used. */
  lastUsedAt: timestamp.nullable(),
  revokedAt: timestamp.nullable(),
  revokedBy: z.string().nullable(),
  /** What to send as `Authorization: Bearer`. Only in the answers of creation and rotation. */
  key: z.string().optional(),
})
export type ApiKeyResource = z.infer<typeof apiKeyResource>

/** The body of `POST /v1/api-keys`. */
export const createApiKeyRequest = z.strictObject({
  /** For people: what uses it. */
  name: z.string().min(1).max(100),
  /** No more than the key that makes it has. */
  scopes: z
    .array(grant)
    .min(1)
    .max(50)
    .refine((list) => new Set(list).size === list.length, { error: "Given more than once" }),
  /** Left out: as late as that of the key that makes it. */
  expiresAt: z.iso.datetime({ offset: true }).nullish(),
})
export type CreateApiKeyRequest = z.infer<typeof createApiKeyRequest>

/** The body of `POST /v1/api-keys/{id}/rotate`. */
export const rotateApiKeyRequest = z.strictObject({
  /** How long the old secret goes on being accepted. Default 24 h; 0 ends it at once; at most 30 days. */
  overlapMs: z
    .int()
    .nonnegative()
    .max(30 * dayMs)
    .optional(),
})
export type RotateApiKeyRequest = z.infer<typeof rotateApiKeyRequest>

/** The query of `GET /v1/api-keys`, newest first. */
export const listApiKeysQuery = z.strictObject({
  cursor: z.string().max(512).optional(),
  limit: z.coerce.number().int().min(1).max(maxPageSize).default(50),
})
export type ListApiKeysQuery = z.infer<typeof listApiKeysQuery>
