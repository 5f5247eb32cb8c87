import type { ApiKey, KeySecret } from "../tenancy/api-key.ts"

export interface ApiKeyRef {
  readonly tenantId: string
  readonly id: string
}

export interface KeyRotation extends Pick<KeySecret, "hash" | "hint"> {
  readonly at: Date
  /** How long the secrets from before go on being accepted. */
  readonly overlapMs: number
}

/** The keys that were made. Every method rejects with `StorageUnavailableError` as the other stores'. */
export interface ApiKeyStore {
  /** Stores a key; again is harmless. */
  insert(key: ApiKey): Promise<void>
  find(ref: ApiKeyRef): Promise<ApiKey | null>
  /** Newest first; `before` is the id of the last of the previous page. */
  list(request: { readonly tenantId: string; readonly before: string | null; readonly limit: number }): Promise<readonly ApiKey[]>
  /** The key that has or had a secret of this hash. */
  findByHash(hash: string): Promise<ApiKey | null>
  /** Null when there is none, or it is revoked. */
  rotate(ref: ApiKeyRef & KeyRotation): Promise<ApiKey | null>
  /** Revokes it, once: the first word stays. Null when there is none. */
  revoke(ref: ApiKeyRef & { readonly at: Date; readonly by: string }): Promise<ApiKey | null>
  /** Those that changed since a mark, none when it is null; and the mark for the next time. Changes of the last minute may come again. */
  changedSince(mark: Date | null): Promise<{ readonly changed: readonly ApiKey[]; readonly mark: Date | null }>
  /** Keeps the later of what is known and what is told. */
  noteUses(uses: readonly { readonly id: string; readonly at: Date }[]): Promise<void>
}
