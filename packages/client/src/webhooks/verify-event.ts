import { type VerifiedWebhook, verifyWebhook, type WebhookToVerify } from "@sluice/core"

export interface VerifyEventOptions extends Omit<WebhookToVerify, "secrets" | "now"> {
  /** `whsec_...`; several while a secret is being rotated. */
  readonly secret: string | readonly string[]
  /** Milliseconds since the epoch. */
  readonly now?: () => number
}

/** An event that Sluice sent, and nobody else. */
export interface VerifiedEvent<Data = unknown> extends VerifiedWebhook {
  readonly type: string
  /** When it happened, in ISO 8601. */
  readonly occurredAt: string
  /** For `job.*` the job without its input. */
  readonly data: Data
}

/**
 * Verifies the raw body of a webhook by its signature, and reads it. Events come at least once: `id` tells repeats. Rejects
 * with core's `WebhookVerificationError`, whose message says what is wrong, when the request is not to be trusted.
 */
export async function verifyEvent<Data = unknown>({ secret, now, ...webhook }: VerifyEventOptions): Promise<VerifiedEvent<Data>> {
  const secrets = typeof secret === "string" ? [secret] : secret
  const verified = await verifyWebhook({ ...webhook, secrets, ...(now && { now: () => new Date(now()) }) })
  const text = typeof webhook.body === "string" ? webhook.body : new TextDecoder().decode(webhook.body)
  const { type, timestamp, data }: { type: string; timestamp: string; data: Data } = JSON.parse(text)
  return { ...verified, type, occurredAt: timestamp, data }
}
