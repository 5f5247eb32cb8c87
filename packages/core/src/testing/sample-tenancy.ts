import { newApiKeyId } from "../job/job-id.ts"
import type { ApiKey } from "../tenancy/api-key.ts"
import type { Tenant } from "../tenancy/tenant.ts"

const t0 = new Date("2026-01-01T00:00:00.000Z")

/** A key that is active, with a hash of its own. */
export function sampleApiKey(overrides: Partial<ApiKey> = {}): ApiKey {
  const createdAt = overrides.createdAt ?? t0
  const id = newApiKeyId({ at: createdAt })
  return {
    id,
    tenantId: "default",
    name: "backend",
    scopes: ["jobs:*"],
    secrets: [{ hash: id.slice("key_".length).repeat(2), hint: "sk_ab12", createdAt, expiresAt: null }],
    createdAt,
    createdBy: "admin",
    expiresAt: null,
    lastUsedAt: null,
    revoked: null,
    ...overrides,
  }
}

export function sampleTenant(overrides: Partial<Tenant> = {}): Tenant {
  const createdAt = overrides.createdAt ?? t0
  return { id: "acme", name: null, settings: {}, disabled: null, createdAt, updatedAt: createdAt, ...overrides }
}
