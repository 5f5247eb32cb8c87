import type { ApiKeyResource } from "../contract/api-key-resource.ts"
import { previousSecretExpiry } from "../secrets/rotate-secrets.ts"
import { type ApiKey, statusOfKey } from "./api-key.ts"

/** A key as the wire shows it: without its secret. */
export function presentApiKey(key: ApiKey, { at }: { readonly at: Date }): ApiKeyResource {
  return {
    id: key.id,
    object: "api_key",
    tenantId: key.tenantId,
    name: key.name,
    status: statusOfKey(key, at),
    scopes: [...key.scopes],
    hint: key.secrets[0]?.hint ?? "",
    createdAt: key.createdAt.toISOString(),
    createdBy: key.createdBy,
    expiresAt: key.expiresAt?.toISOString() ?? null,
    previousSecretExpiresAt: previousSecretExpiry(key.secrets, at)?.toISOString() ?? null,
    lastUsedAt: key.lastUsedAt?.toISOString() ?? null,
    revokedAt: key.revoked?.at.toISOString() ?? null,
    revokedBy: key.revoked?.by ?? null,
  }
}
