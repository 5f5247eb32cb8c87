import { z } from "zod"
import { pageQuery } from "./queries.ts"
import { timestamp } from "./scalars.ts"
import { subscribableEventTypes } from "./vocabulary.ts"

const dayMs = 86_400_000
const maxHeaders = 20
const maxHeaderValueLength = 4_096
const maxDescriptionLength = 256

export const webhookEndpointId = z
  .string()
  .regex(/^whe_[0-9a-f]{32}$/, "Expected a webhook endpoint's id such as whe_01993f0ac1d27c4e8b60a1b2c3d4e5f6")

  .meta({ id: "WebhookEndpointId", description: "A webhook endpoint's id.", examples: ["whe_01993f0b7e5a7b3d8c10d2e3f4a5b607"] })

export const disabledReasons = ["manual", "gone", "failing"] as const

/** In whose words a receiver is told: Sluice's events, or OpenAI's, which name what happened and no more. */
export const webhookFormats = ["sluice", "openai"] as const
export type WebhookFormat = (typeof webhookFormats)[number]

export const webhookEndpointResource = z
  .strictObject({
    id: webhookEndpointId,
    object: z.literal("webhook_endpoint"),
    url: z.string(),
    description: z.string().nullable(),
    format: z
      .enum(webhookFormats)
      .describe("Whose events it gets: `openai` for one that was registered over OpenAI's wire, whose events those are, else `sluice`."),
    events: z.array(z.string()),
    headerNames: z.array(z.string()),
    rateLimitPerSecond: z.number().nullable().describe("At most so many requests a second, over all workers. Null: as fast as it answers."),
    disabled: z
      .strictObject({ reason: z.enum(disabledReasons), at: timestamp })
      .nullable()
      .describe("Why it gets nothing: switched off by hand, answered 410, or failed for days on end."),
    failingSince: timestamp.nullable().describe("Since when every try has failed."),
    previousSecretExpiresAt: timestamp
      .nullable()
      .describe("When the secrets from before the last rotation end; until then requests carry their signatures too."),
    createdAt: timestamp,
    updatedAt: timestamp,
    secret: z.string().optional().describe("Only in the answers of creation and rotation."),
  })
  .meta({
    id: "WebhookEndpoint",
    description:
      "A receiver that was registered. Its secret is in the answers of creation and rotation only, the values of its headers in none.",
  })
export type WebhookEndpointResource = z.infer<typeof webhookEndpointResource>

/** What the sender and the signature set, and what belongs to the connection (RFC 9110, 7.6.1), is not the caller's to choose. */
const reservedHeaders: ReadonlySet<string> = new Set([
  "connection",
  "content-encoding",
  "content-length",
  "content-type",
  "expect",
  "host",
  "keep-alive",
  "proxy-authenticate",
  "proxy-authorization",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
  "user-agent",
])

function headerFault(name: string, value: unknown): string | null {
  if (!/^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,64}$/.test(name)) return "Not a header's name"
  const lowerCase = name.toLowerCase()
  if (reservedHeaders.has(lowerCase) || lowerCase.startsWith("webhook-")) return "This header is set by Sluice or belongs to the connection"
  if (typeof value !== "string" || value.length > maxHeaderValueLength) return `Expected text of at most ${maxHeaderValueLength} characters`
  return /^[\x20-\x7e]*$/.test(value) ? null : "Expected printable ASCII"
}

/** Sent with each request, e.g. for a receiver behind an authenticating proxy. */
const customHeaders = z.record(z.string(), z.string()).superRefine((headers, context) => {
  const entries = Object.entries(headers)
  if (entries.length > maxHeaders) context.addIssue({ code: "custom", message: `At most ${maxHeaders} headers` })
  for (const [name, value] of entries) {
    const message = headerFault(name, value)
    if (message !== null) context.addIssue({ code: "custom", path: [name], message })
  }
})

const endpointFields = {
  url: z.url().max(2_048),
  description: z.string().max(maxDescriptionLength).nullish(),
  events: z.array(z.enum(subscribableEventTypes)).min(1).max(50).nullish().describe("Default: the final events of jobs and batches."),
  headers: customHeaders.nullish(),
  rateLimitPerSecond: z.number().min(0.1).max(10_000).nullish(),
}

export const createWebhookEndpointRequest = z
  .strictObject(endpointFields)
  .meta({ id: "CreateWebhookEndpointRequest", description: "The body of `POST /v1/webhook-endpoints`." })
export type CreateWebhookEndpointRequest = z.infer<typeof createWebhookEndpointRequest>

export const updateWebhookEndpointRequest = z
  .strictObject({
    ...endpointFields,
    url: endpointFields.url.optional(),
    enabled: z.boolean().optional(),
  })
  .meta({
    id: "UpdateWebhookEndpointRequest",
    description:
      "The body of `PATCH /v1/webhook-endpoints/{id}`: what is left out stays. `enabled: true` also ends an automatic disabling.",
  })
export type UpdateWebhookEndpointRequest = z.infer<typeof updateWebhookEndpointRequest>

export const rotateSecretRequest = z
  .strictObject({
    overlapMs: z
      .int()
      .min(0)
      .max(7 * dayMs)
      .nullish(),
  })
  .meta({
    id: "RotateSecretRequest",
    description: "The body of the rotations. Until the overlap ends, requests carry signatures of both secrets. Default 24 h.",
  })

export const webhookSecretResource = z
  .strictObject({
    object: z.literal("webhook_secret"),
    createdAt: timestamp,
    previousSecretExpiresAt: timestamp.nullable(),
    secret: z.string().optional(),
  })
  .meta({
    id: "WebhookSecret",
    description:
      "A tenant's default secret, which signs the webhooks of jobs that bring none of their own. `secret` is in the answer of a rotation only.",
  })
export type WebhookSecretResource = z.infer<typeof webhookSecretResource>

export const recoverRequest = z.strictObject({ since: z.iso.datetime({ offset: true }) }).meta({
  id: "RecoverRequest",
  description: "The body of `POST /v1/webhook-endpoints/{id}/recover`: deliveries that were given up since then are made anew.",
})

export const webhookRecoveryResource = z
  .strictObject({
    id: z.string(),
    object: z.literal("webhook_recovery"),
    endpointId: webhookEndpointId,
    status: z.enum(["running", "completed"]),
    since: timestamp,
    recovered: z.int().nonnegative().describe("Deliveries that were put back in line so far."),
    createdAt: timestamp,
    finishedAt: timestamp.nullable(),
  })
  .meta({ id: "WebhookRecovery", description: "The progress of a recovery, which goes on whatever process ends." })
export type WebhookRecoveryResource = z.infer<typeof webhookRecoveryResource>

/** The query of `GET /v1/webhook-endpoints`. */
export const listWebhookEndpointsQuery = z.strictObject(pageQuery)

/** The query of `GET /v1/webhook-endpoints/{id}/deliveries`. */
export const listDeliveriesQuery = z.strictObject({
  ...pageQuery,
  status: z.enum(["pending", "delivered", "failed"]).optional().describe("Only these."),
})
