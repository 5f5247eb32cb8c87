import type { disabledReasons } from "../contract/webhook-endpoint-resource.ts"

/** One of the keys that sign. All that have not expired do. */
export interface WebhookSecret {
  readonly secret: string
  readonly createdAt: Date
  /** Null for the newest. */
  readonly expiresAt: Date | null
}

export type DisabledReason = (typeof disabledReasons)[number]

/** A receiver that a tenant registered. */
export interface WebhookEndpoint {
  readonly id: string
  readonly tenantId: string
  readonly url: string
  readonly description: string | null
  readonly events: readonly string[]
  readonly headers: Readonly<Record<string, string>>
  readonly rateLimitPerSecond: number | null
  /** Newest first. */
  readonly secrets: readonly WebhookSecret[]
  readonly disabled: { readonly reason: DisabledReason; readonly at: Date } | null
  /** Since when every try has failed. */
  readonly failingSince: Date | null
  readonly createdAt: Date
  readonly updatedAt: Date
}

/** More rotations than this within their overlaps end the oldest secret early. */
const maxSecrets = 5

/** The secrets that sign at a time, newest first. */
export function secretsAt(secrets: readonly WebhookSecret[], at: Date): readonly string[] {
  return secrets.filter(({ expiresAt }) => expiresAt === null || expiresAt > at).map(({ secret }) => secret)
}

/** The secrets after a rotation: the new one, and those before it until the overlap ends, or earlier if they end earlier. */
export function rotateSecrets(
  secrets: readonly WebhookSecret[],
  next: { readonly secret: string; readonly at: Date; readonly overlapMs: number },
): readonly WebhookSecret[] {
  const overlapEnd = new Date(next.at.getTime() + next.overlapMs)
  const before = secrets
    .map((old) => ({ ...old, expiresAt: old.expiresAt !== null && old.expiresAt < overlapEnd ? old.expiresAt : overlapEnd }))
    .filter(({ expiresAt }) => expiresAt > next.at)
  return [{ secret: next.secret, createdAt: next.at, expiresAt: null }, ...before].slice(0, maxSecrets)
}

/** When the last of the earlier secrets ends; null when only the newest is valid. */
export function previousSecretExpiry(secrets: readonly WebhookSecret[], at: Date): Date | null {
  const ends = secrets.flatMap(({ expiresAt }) => (expiresAt !== null && expiresAt > at ? expiresAt.getTime() : []))
  return ends.length > 0 ? new Date(Math.max(...ends)) : null
}
