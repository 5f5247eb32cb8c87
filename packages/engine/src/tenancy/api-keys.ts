import {
  type ApiKey,
  type ApiKeyRef,
  type ApiKeyStore,
  type Clock,
  type CreateApiKeyRequest,
  grantsBeyond,
  isOperators,
  newApiKeyId,
  type Principal,
} from "@sluice/core"
import { newKeySecret } from "./key-secret.ts"

export interface ApiKeysDependencies {
  readonly store: ApiKeyStore
  /** Whether there is such a tenant, by the database where the memory of this process does not know it yet. */
  readonly isTenant: (tenantId: string) => Promise<boolean>
  /** Told of each change, so that it holds in this process at once. */
  readonly onChange: (key: ApiKey) => void
  readonly clock: Clock
}

export interface MadeKey {
  readonly kind: "made"
  readonly key: ApiKey
  /** What the caller is told this once. */
  readonly text: string
}

/** Scopes that go beyond what the caller has itself. */
export interface ScopesBeyond {
  readonly kind: "beyond"
  readonly scopes: readonly string[]
}

export interface ChangeRequest {
  readonly by: Principal
  /** Awaited before anything is changed: what cannot be written down is not done. */
  readonly beforeChange: (key: ApiKey) => Promise<void>
}

export type CreateKeyOutcome =
  | MadeKey
  | ScopesBeyond
  | { readonly kind: "tenant_unknown" }
  /** `latest`: when the caller's own key ends, which is null where only the past is refused. */
  | { readonly kind: "invalid_expiry"; readonly latest: Date | null }

export type RotateKeyOutcome = MadeKey | ScopesBeyond | { readonly kind: "missing" } | { readonly kind: "ended"; readonly key: ApiKey }
export type RevokeKeyOutcome = ScopesBeyond | { readonly kind: "missing" } | { readonly kind: "revoked"; readonly key: ApiKey }

/** What can be done with keys. Nobody can make one, or learn the secret of one, that may do more than they may themselves. */
export interface ApiKeys {
  create(request: ChangeRequest & { readonly body: CreateApiKeyRequest }): Promise<CreateKeyOutcome>
  rotate(request: ChangeRequest & { readonly ref: ApiKeyRef; readonly overlapMs: number | null }): Promise<RotateKeyOutcome>
  revoke(request: ChangeRequest & { readonly ref: ApiKeyRef }): Promise<RevokeKeyOutcome>
}

const defaultOverlapMs = 86_400_000

export function createApiKeys(dependencies: ApiKeysDependencies): ApiKeys {
  return { create: createKey(dependencies), rotate: rotateKey(dependencies), revoke: revokeKey(dependencies) }
}

function createKey({ store, isTenant, onChange, clock }: ApiKeysDependencies): ApiKeys["create"] {
  return async ({ by, body, beforeChange }) => {
    const at = clock()
    const beyond = grantsBeyond(by.scopes, body.scopes)
    if (beyond.length > 0) return { kind: "beyond", scopes: beyond }
    const expiresAt = expiryOf(body, by)
    if (expiresAt && expiresAt <= at) return { kind: "invalid_expiry", latest: by.expiresAt }
    if (by.expiresAt && (!expiresAt || expiresAt > by.expiresAt)) return { kind: "invalid_expiry", latest: by.expiresAt }
    if (!(await isTenant(by.tenantId))) return { kind: "tenant_unknown" }
    const { text, hash, hint } = newKeySecret()
    const key: ApiKey = {
      id: newApiKeyId({ at }),
      tenantId: by.tenantId,
      name: body.name,
      scopes: body.scopes,
      secrets: [{ hash, hint, createdAt: at, expiresAt: null }],
      createdAt: at,
      createdBy: by.actor,
      expiresAt,
      lastUsedAt: null,
      revoked: null,
    }
    await beforeChange(key)
    await store.insert(key)
    onChange(key)
    return { kind: "made", key, text }
  }
}

function expiryOf({ expiresAt }: CreateApiKeyRequest, by: Principal): Date | null {
  if (expiresAt === undefined) return by.expiresAt
  return expiresAt === null ? null : new Date(expiresAt)
}

function rotateKey({ store, onChange, clock }: ApiKeysDependencies): ApiKeys["rotate"] {
  return async ({ by, ref, overlapMs, beforeChange }) => {
    const before = await store.find(ref)
    if (!before) return { kind: "missing" }
    // Whoever gets the secret may do what the key may.
    const beyond = grantsBeyond(by.scopes, before.scopes)
    if (beyond.length > 0) return { kind: "beyond", scopes: beyond }
    const at = clock()
    if (before.revoked || (before.expiresAt && before.expiresAt <= at)) return { kind: "ended", key: before }
    const { text, hash, hint } = newKeySecret()
    await beforeChange(before)
    const key = await store.rotate({ ...ref, hash, hint, at, overlapMs: overlapMs ?? defaultOverlapMs })
    if (!key) return { kind: "ended", key: before }
    onChange(key)
    return { kind: "made", key, text }
  }
}

function revokeKey({ store, onChange, clock }: ApiKeysDependencies): ApiKeys["revoke"] {
  return async ({ by, ref, beforeChange }) => {
    const before = await store.find(ref)
    if (!before) return { kind: "missing" }
    // Taking away is safe, so that a leaked key can be ended quickly; but a tenant's key cannot lock operators out.
    const beyond = grantsBeyond(by.scopes, before.scopes).filter(isOperators)
    if (beyond.length > 0) return { kind: "beyond", scopes: beyond }
    await beforeChange(before)
    const key = await store.revoke({ ...ref, at: clock(), by: by.actor })
    if (!key) return { kind: "missing" }
    onChange(key)
    return { kind: "revoked", key }
  }
}
