import { signatureOf } from "./signature.ts"

/** Dots separate what is signed, so that an id with one could be read as another message. */
const signableId = /^[\w-]+$/

export interface WebhookToSign {
  /** Of the event; the same over all attempts to deliver it. Letters, digits, `_` and `-`. */
  readonly id: string
  /** Of this attempt. Receivers refuse what is older than some minutes. */
  readonly timestamp: Date
  readonly body: string
  /** Each as of `createWebhookSecret`. Several while a secret is being rotated: receivers accept any. */
  readonly secrets: readonly string[]
}

export type WebhookSignatureHeaders = {
  readonly "webhook-id": string
  readonly "webhook-timestamp": string
  readonly "webhook-signature": string
}

/**
 * The headers that sign a webhook (Standard Webhooks, https://www.standardwebhooks.com, symmetric version 1). The body has
 * to be sent as it is here, byte for byte. Throws `WebhookSecretError` for a secret that is none, `RangeError` for an id or
 * a list of secrets that cannot be signed with.
 */
export async function signWebhook({ id, timestamp, body, secrets }: WebhookToSign): Promise<WebhookSignatureHeaders> {
  if (!signableId.test(id)) throw new RangeError(`The id of a webhook has letters, digits, _ and - alone; got "${id}".`)
  if (secrets.length === 0) throw new RangeError("Signing a webhook takes at least one secret.")
  const seconds = String(Math.floor(timestamp.getTime() / 1_000))
  const signatures = await Promise.all(secrets.map((secret) => signatureOf({ id, timestamp: seconds, body }, secret)))
  return {
    "webhook-id": id,
    "webhook-timestamp": seconds,
    "webhook-signature": signatures.map((signature) => `v1,${signature}`).join(" "),
  }
}
