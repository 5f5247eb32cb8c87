import { z } from "zod"
import { webhookSecretPattern } from "../webhook/webhook-secret.ts"
import { isObject, json, milliseconds, name } from "./scalars.ts"
import { jobEventTypes, priorities } from "./vocabulary.ts"

const maxMetadataKeys = 50
const maxMetadataKeyLength = 64
const maxMetadataLength = 512
const dayMs = 86_400_000

export const priority = z.enum(priorities)
export type Priority = z.infer<typeof priority>

/** Who may answer when the primary tier cannot: nobody, any provider tier, or also rules, stale cache and canned text. */
export const fallback = z.enum(["none", "provider", "any"])
export type Fallback = z.infer<typeof fallback>

export const cacheUse = z.enum(["use", "refresh", "off"])
export type CacheUse = z.infer<typeof cacheUse>

export const submitOptions = z
  .strictObject({
    priority: priority.nullish().describe("The class in which it waits. Default: `standard`."),
    runAt: z.iso.datetime({ offset: true }).nullish().describe("Not before this time. Default: at once."),
    expiresInMs: milliseconds
      .max(30 * dayMs)
      .nullish()
      .describe("The job expires when it has not ended this long after its submission. Default 24 h, at most 30 days."),
    fallback: fallback
      .nullish()
      .describe(
        "Who may answer when the primary tier cannot: nobody, any provider tier, or also rules, stale cache and canned text. Default: the route's, or `provider`.",
      ),
    degradeAfterMs: z
      .int()
      .nonnegative()
      .nullish()
      .describe("How long the primary tier is waited for before the next may answer. Default: the route's."),
    cache: cacheUse
      .nullish()
      .describe("Whether a kept answer will do: `use`, ask anew and keep (`refresh`), or neither (`off`). Default: `use`."),
    cacheKey: z
      .string()
      .min(1)
      .max(256)
      .nullish()
      .describe("Keeps the answer under this key of your own, for the cache tier to give when no provider can."),
    task: name.nullish().describe("Chooses the rule and the static text, e.g. `summary`."),
    maxCostUsd: z.number().positive().nullish().describe("No further call is made that would raise the job's cost above this."),
    affinityKey: z
      .string()
      .min(1)
      .max(256)
      .nullish()
      .describe("Jobs with the same key go to the same endpoint where possible, for the provider's prompt cache."),
    retainMs: milliseconds
      .nullish()
      .describe(
        "How long the finished job is kept. Default: its route's, else the tenant's, else the installation's by how it ended (30 days; 90 for what failed or expired).",
      ),
  })
  .meta({ id: "SubmitOptions", description: "Everything may be left out or null; each description names its default." })
export type SubmitOptions = z.infer<typeof submitOptions>

export const webhookTarget = z
  .strictObject({
    url: z.url().max(2_048),
    events: z.array(z.enum(jobEventTypes)).min(1).max(20).nullish().describe("Default: the final ones."),
    secret: z
      .string()
      .regex(webhookSecretPattern, "Expected whsec_ followed by the base64 of 24 to 64 bytes")
      .nullish()
      .describe("`whsec_` and base64; never echoed. Default: the tenant's own secret."),
  })
  .meta({ id: "WebhookTarget", description: "Who is told of this job. Targets are https; others only where an operator allows them." })
export type WebhookTarget = z.infer<typeof webhookTarget>

export const metadata = z
  .custom<Record<string, string>>(isObject, "Expected an object")
  .superRefine((value, context) => {
    const entries: [string, unknown][] = Object.entries(value)
    if (entries.length > maxMetadataKeys) context.addIssue({ code: "custom", message: `At most ${maxMetadataKeys} keys` })
    for (const [key, text] of entries) {
      const at = { path: [key], input: text }
      if (key.length < 1 || key.length > maxMetadataKeyLength) {
        context.addIssue({ code: "custom", ...at, message: `A key has 1 to ${maxMetadataKeyLength} characters` })
      } else if (typeof text !== "string") {
        context.addIssue({ code: "invalid_type", expected: "string", ...at })
      } else if (text.length > maxMetadataLength) {
        context.addIssue({ code: "too_big", origin: "string", maximum: maxMetadataLength, inclusive: true, ...at })
      }
    }
  })
  .meta({
    id: "Metadata",
    description: `Text by keys of your own, which lists can be filtered by. At most ${maxMetadataKeys} keys of ${maxMetadataKeyLength} characters, texts of ${maxMetadataLength}.`,
    type: "object",
    maxProperties: maxMetadataKeys,
    propertyNames: { minLength: 1, maxLength: maxMetadataKeyLength },
    additionalProperties: { type: "string", maxLength: maxMetadataLength },
  })
export type Metadata = z.infer<typeof metadata>

/** The body of `POST /v1/jobs`. `input` is validated by the kind of the route, once that is known. */
export const submitRequest = z.strictObject({
  route: name,
  input: json,
  options: submitOptions.nullish(),
  webhook: webhookTarget.nullish(),
  metadata: metadata.nullish(),
})
export type SubmitRequest = z.infer<typeof submitRequest>
