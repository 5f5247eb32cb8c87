import type { Clock } from "../ports/clock.ts"
import { signatureOf } from "./signature.ts"
import { type WebhookFault, WebhookVerificationError } from "./webhook-verification-error.ts"

const defaultToleranceMs = 5 * 60_000

/** More signatures than any rotation makes, and few enough to cost nothing. */
const maxSignatures = 32

/** As `fetch` has them, or as Node and Express have them. Names may be in any case. */
export type WebhookHeaders = Pick<Headers, "get"> | Readonly<Record<string, string | readonly string[] | undefined>>

export interface WebhookToVerify {
  readonly headers: WebhookHeaders
  /** Raw, as it arrived: parsed and written again it is another text, and its signature another. */
  readonly body: string | Uint8Array
  /** One is enough to match. */
  readonly secrets: readonly string[]
  /** How far the sender's clock and ours may differ, either way. Default five minutes. */
  readonly toleranceMs?: number
  readonly now?: Clock
}

export interface VerifiedWebhook {
  /** The same whenever the event is sent again, so it tells repeats. */
  readonly id: string
  /** When this attempt was signed. */
  readonly timestamp: Date
}

/**
 * Checks that a request was signed with one of the secrets, and lately (Standard Webhooks, symmetric version 1). Rejects
 * with `WebhookVerificationError` when not, and with `WebhookSecretError` or `RangeError` when the secrets are none.
 */
export async function verifyWebhook(webhook: WebhookToVerify): Promise<VerifiedWebhook> {
  const { headers, body, secrets } = webhook
  if (secrets.length === 0) throw new RangeError("Verifying a webhook takes at least one secret.")
  const id = header(headers, "webhook-id")
  const timestamp = header(headers, "webhook-timestamp")
  const given = header(headers, "webhook-signature").split(" ", maxSignatures)
  const expected = await Promise.all(secrets.map((secret) => signatureOf({ id, timestamp, body }, secret)))

  const isSigned = expected
    .map((signature) => given.map((candidate) => isEqual(candidate, `v1,${signature}`)).includes(true))
    .includes(true)
  const signedAt = checkedTime(timestamp, webhook)
  if (!isSigned) {
    throw fault("no_match", "No signature matches: the secret is wrong, or the body was changed. Verify the raw body, before any parser.")
  }
  return { id, timestamp: signedAt }
}

function header(headers: WebhookHeaders, name: string): string {
  const value = typeof headers.get === "function" ? headers.get(name) : fromRecord(headers, name)
  if (typeof value === "string" && value !== "") return value
  throw fault("missing_header", `The header ${name} is missing: this is no signed webhook, or something on the way removed the header.`)
}

function fromRecord(headers: object, name: string): unknown {
  const value: unknown = Object.entries(headers).find(([key]) => key.toLowerCase() === name)?.[1]
  return Array.isArray(value) ? value[0] : value
}

function checkedTime(timestamp: string, { toleranceMs = defaultToleranceMs, now = () => new Date() }: WebhookToVerify): Date {
  if (!/^\d{1,12}$/.test(timestamp)) {
    throw fault("invalid_timestamp", `The header webhook-timestamp has to be seconds since 1970; got "${timestamp.slice(0, 40)}".`)
  }
  const signedAt = new Date(Number(timestamp) * 1_000)
  const ageMs = now().getTime() - signedAt.getTime()
  if (ageMs > toleranceMs) throw fault("too_old", `${apart(ageMs, toleranceMs)} ago: an old request sent again, or a clock that is wrong.`)
  if (ageMs < -toleranceMs) throw fault("too_new", `${apart(-ageMs, toleranceMs)} in the future: a clock is wrong.`)
  return signedAt
}

function apart(ms: number, toleranceMs: number): string {
  return `The webhook was signed more than ${toleranceMs / 1_000} s away from now, ${Math.round(ms / 1_000)} s`
}

/** Takes as long for a near miss as for a far one, so that a signature cannot be found byte by byte. */
function isEqual(given: string, expected: string): boolean {
  let difference = given.length ^ expected.length
  for (let index = 0; index < expected.length; index++) difference |= given.charCodeAt(index) ^ expected.charCodeAt(index)
  return difference === 0
}

function fault(kind: WebhookFault, message: string): WebhookVerificationError {
  return new WebhookVerificationError(kind, message)
}
