import { isValidAt, rotated } from "../secrets/rotate-secrets.ts"

/** One of the texts that a key is known by. All that have not expired are accepted. */
export interface KeySecret {
  /** SHA-256 of the text, in hex. The text itself is random over 256 bits, so that a plain hash is enough. */
  readonly hash: string
  /** Its first characters, by which a person tells keys apart. */
  readonly hint: string
  readonly createdAt: Date
  /** Null for the newest. */
  readonly expiresAt: Date | null
}

/** A key that somebody made for a tenant. Its id stays the same when its secret is rotated. */
export interface ApiKey {
  readonly id: string
  readonly tenantId: string
  readonly name: string
  /** Scopes and wildcards, as they were given. */
  readonly scopes: readonly string[]
  /** Newest first. */
  readonly secrets: readonly KeySecret[]
  readonly createdAt: Date
  /** The actor who made it. */
  readonly createdBy: string
  readonly expiresAt: Date | null
  /** To within a minute. */
  readonly lastUsedAt: Date | null
  readonly revoked: { readonly at: Date; readonly by: string } | null
}

export type ApiKeyStatus = "active" | "expired" | "revoked"

export function statusOfKey({ revoked, expiresAt }: Pick<ApiKey, "revoked" | "expiresAt">, at: Date): ApiKeyStatus {
  if (revoked) return "revoked"
  return expiresAt !== null && expiresAt <= at ? "expired" : "active"
}

/** The secrets after a rotation, newest first. */
export function rotateKeySecrets(
  secrets: readonly KeySecret[],
  next: { readonly hash: string; readonly hint: string; readonly at: Date; readonly overlapMs: number },
): readonly KeySecret[] {
  return rotated(secrets, { hash: next.hash, hint: next.hint, createdAt: next.at, expiresAt: null }, next)
}

/** Whether a secret of the key is still accepted. */
export function acceptsSecret({ secrets }: Pick<ApiKey, "secrets">, hash: string, at: Date): boolean {
  return secrets.some((secret) => secret.hash === hash && isValidAt(secret, at))
}
