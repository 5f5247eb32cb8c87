import type { disabledReasons } from "../contract/webhook-endpoint-resource.ts"
import { isValidAt, rotated } from "../secrets/rotate-secrets.ts"

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

/** The secrets that sign at a time, newest first. */
export function secretsAt(secrets: readonly WebhookSecret[], at: Date): readonly string[] {
  return secrets.filter((secret) => isValidAt(secret, at)).map(({ secret }) => secret)
}

/** The secrets after a rotation, newest first. */
export function rotateSecrets(
  secrets: readonly WebhookSecret[],
  next: { readonly secret: string; readonly at: Date; readonly overlapMs: number },
): readonly WebhookSecret[] {
  return rotated(secrets, { secret: next.secret, createdAt: next.at, expiresAt: null }, next)
}
