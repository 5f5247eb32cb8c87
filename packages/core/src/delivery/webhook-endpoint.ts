import type { disabledReasons, WebhookFormat } from "../contract/webhook-endpoint-resource.ts"
import { takesEvent } from "../contract/webhook-event.ts"
import type { OpenaiEventType } from "../openai/openai-events.ts"
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
  readonly format: WebhookFormat
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

/** Whether a receiver is to be told of an event of Sluice's. */
export function hearsOf({ format, events }: Pick<WebhookEndpoint, "format" | "events">, type: string): boolean {
  return format === "sluice" && takesEvent(events, type)
}

/** Whether a receiver is to be told of an event in OpenAI's words; null: there is none. */
export function hearsOfOpenai({ format, events }: Pick<WebhookEndpoint, "format" | "events">, type: OpenaiEventType | null): boolean {
  return format === "openai" && type !== null && events.includes(type)
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
