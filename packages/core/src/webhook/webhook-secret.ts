import type { RandomBytes } from "../job/job-id.ts"

const prefix = "whsec_"
const minBytes = 24
const maxBytes = 64
const base64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/

/** What `parseWebhookSecret` takes, as a pattern that schemas can show: base64 of 24 to 63, or of 64 bytes. */
export const webhookSecretPattern =
  /^whsec_(?:(?:[A-Za-z0-9+/]{4}){8,20}(?:[A-Za-z0-9+/]{4}|[A-Za-z0-9+/]{3}=|[A-Za-z0-9+/]{2}==)?|(?:[A-Za-z0-9+/]{4}){21}[A-Za-z0-9+/]{2}==)$/

/** A secret cannot be used for signing. The message says why, and never contains the secret. */
export class WebhookSecretError extends Error {
  constructor(message: string) {
    super(message)
    this.name = "WebhookSecretError"
  }
}

/**
 * A new signing secret in the form of Standard Webhooks: `whsec_` and the base64 of `bytes` random bytes, 32 unless told
 * otherwise. Throws `WebhookSecretError` for fewer than 24 or more than 64.
 */
export function createWebhookSecret(options: { bytes?: number; random?: RandomBytes } = {}): string {
  const key = new Uint8Array(options.bytes ?? 32)
  checkLength(key)
  const random: RandomBytes = options.random ?? ((into) => crypto.getRandomValues(into))
  random(key)
  return `${prefix}${btoa(String.fromCharCode(...key))}`
}

/** The key inside a secret. Throws `WebhookSecretError` unless it is `whsec_` and the base64 of 24 to 64 bytes. */
export function parseWebhookSecret(secret: string): Uint8Array<ArrayBuffer> {
  if (!secret.startsWith(prefix)) throw new WebhookSecretError(`A webhook secret begins with ${prefix}; this one does not.`)
  const encoded = secret.slice(prefix.length)
  if (!base64.test(encoded)) {
    throw new WebhookSecretError(`What follows ${prefix} in a webhook secret has to be base64 with its padding; this is not.`)
  }
  const key = Uint8Array.from(atob(encoded), (character) => character.charCodeAt(0))
  checkLength(key)
  return key
}

function checkLength(key: Uint8Array): void {
  if (key.length >= minBytes && key.length <= maxBytes) return
  throw new WebhookSecretError(`A webhook secret holds ${minBytes} to ${maxBytes} bytes; this one holds ${key.length}.`)
}
