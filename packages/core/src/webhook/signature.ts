import { parseWebhookSecret } from "./webhook-secret.ts"

export interface SignedContent {
  readonly id: string
  /** Whole seconds since 1970, as in the header. */
  readonly timestamp: string
  readonly body: string | Uint8Array
}

/**
 * The HMAC-SHA256 of `id.timestamp.body`, in base64, as Standard Webhooks (version 1) has it. Throws `WebhookSecretError`
 * when the secret is none.
 */
export async function signatureOf(content: SignedContent, secret: string): Promise<string> {
  const key = await crypto.subtle.importKey("raw", parseWebhookSecret(secret), { name: "HMAC", hash: "SHA-256" }, false, ["sign"])
  const signature = await crypto.subtle.sign("HMAC", key, bytesToSign(content))
  return btoa(String.fromCharCode(...new Uint8Array(signature)))
}

function bytesToSign({ id, timestamp, body }: SignedContent): Uint8Array<ArrayBuffer> {
  const encoder = new TextEncoder()
  const head = encoder.encode(`${id}.${timestamp}.`)
  const tail = typeof body === "string" ? encoder.encode(body) : body
  const all = new Uint8Array(head.length + tail.length)
  all.set(head)
  all.set(tail, head.length)
  return all
}
