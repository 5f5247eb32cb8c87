import { z } from "zod"
import { errorTypes } from "../errors/error-type.ts"
import { chatInput, chatOutput } from "./chat.ts"
import { embeddingInput, embeddingOutput } from "./embedding.ts"
import { imageInput, imageOutput } from "./image.ts"
import { kind } from "./kind.ts"
import { jobId, json, name, timestamp } from "./scalars.ts"
import { metadata } from "./submit.ts"
import { jobStatuses, qualities, tierNames, waitingReasons } from "./vocabulary.ts"

export const jobStatus = z.enum(jobStatuses).meta({ id: "JobStatus" })
export type JobStatus = z.infer<typeof jobStatus>

export const tierName = z.enum(tierNames).meta({ id: "TierName" })
export type TierName = z.infer<typeof tierName>

export const quality = z.enum(qualities).meta({ id: "Quality" })
export type Quality = z.infer<typeof quality>

export const errorType = z.enum(errorTypes).meta({ id: "ErrorType" })

export const usage = z
  .strictObject({
    inputTokens: z.int().nonnegative(),
    cachedInputTokens: z.int().nonnegative().describe("The part of `inputTokens` that the provider served from its prompt cache."),
    outputTokens: z.int().nonnegative(),
  })
  .meta({ id: "Usage" })
export type Usage = z.infer<typeof usage>

export const cost = z
  .strictObject({
    usd: z.number().nonnegative().describe("All attempts together."),
    failedAttemptsUsd: z.number().nonnegative(),
    estimated: z
      .boolean()
      .describe("A provider did not say what it counted, or the price is the model's list price: the figure is a guess."),
  })
  .meta({ id: "Cost" })
export type Cost = z.infer<typeof cost>

export const provenance = z
  .strictObject({
    requested: z.strictObject({ tier: tierName, model: z.string().nullable() }),
    served: z.strictObject({
      tier: tierName,
      endpoint: z.string().nullable(),
      provider: z.string().nullable(),
      model: z.string().nullable(),
      region: z.string().nullable(),
    }),
    quality,
    degraded: z.boolean(),
    degradedReason: z.string().nullable(),
    cache: z.strictObject({ kind: z.enum(["exact", "semantic"]), ageMs: z.int().nonnegative(), similarity: z.number() }).nullable(),
    schemaValid: z.boolean().nullable().describe("Whether the output satisfies the requested JSON Schema; null when none was requested."),
    repairs: z.int().nonnegative().describe("Calls that were spent on repairing an answer that did not."),
  })
  .meta({ id: "Provenance" })
export type Provenance = z.infer<typeof provenance>

export const jobError = z
  .strictObject({
    type: errorType,
    message: z.string(),
    retryable: z.boolean(),
    endpoint: z.string().nullable(),
    httpStatus: z.int().nullable(),
    providerCode: z.string().nullable(),
    providerRequestId: z.string().nullable(),
  })
  .meta({ id: "JobError" })
export type JobError = z.infer<typeof jobError>

export const waiting = z
  .strictObject({
    reason: z.enum(waitingReasons),
    endpoint: z.string().nullable(),
    since: timestamp,
    until: timestamp.nullable(),
    hint: z.string().nullable().describe("What someone has to do for it to go on; null where it goes on by itself."),
  })
  .meta({ id: "Waiting" })

export const waitResource = z
  .strictObject({
    run: z.int().positive(),
    reason: z.enum(waitingReasons),
    endpoint: z.string().nullable().describe("The one that it waited for; null where it waited for none in particular."),
    from: timestamp,
    to: timestamp.describe("When it went on, was cancelled or expired."),
  })
  .meta({ id: "Wait", description: "A wait of a job that is over. Refusals for one reason in a row are one wait." })
export type WaitResource = z.infer<typeof waitResource>

export const attemptResource = z
  .strictObject({
    number: z.int().positive(),
    run: z.int().positive(),
    tier: tierName,
    endpoint: z.string(),
    provider: z.string(),
    model: z.string(),
    region: z.string().nullable(),
    startedAt: timestamp,
    durationMs: z.int().nonnegative(),
    outcome: z.enum(["succeeded", "failed", "cancelled"]),
    errorType: errorType.nullable(),
    httpStatus: z.int().nullable(),
    providerRequestId: z.string().nullable(),
    charged: z.boolean().describe("Whether the failure used up one of the job's retries."),
    delayMs: z.int().nonnegative().nullable().describe("How long the job was made to wait after this attempt."),
    usage: usage.nullable(),
    costUsd: z.number().nonnegative().nullable().describe("Null: nothing is known of what it used, or of the model's price."),
    isCostEstimated: z.boolean().describe("By the model's list price: the configuration has none for the endpoint."),
    images: z.int().nonnegative(),
    credential: z.enum(["platform", "tenant"]).describe("Whose contract with the provider the call was made on."),
    batchCallId: z.string().nullable(),
  })
  .meta({ id: "Attempt" })
export type AttemptResource = z.infer<typeof attemptResource>

export const deliveryResource = z
  .strictObject({
    id: z.string(),
    eventId: z.string(),
    eventType: z.string(),
    target: z.string(),
    jobId: z.string().nullable().describe("The job that the event is about; null for other events."),
    status: z.enum(["pending", "delivered", "failed"]),
    createdAt: timestamp,
    tryCount: z.int().nonnegative().describe("All requests that were made; `tries` has the last 20."),
    tries: z.array(
      z.strictObject({
        at: timestamp,
        httpStatus: z.int().nullable(),
        durationMs: z.int().nonnegative(),
        error: z.string().nullable(),
        responseBody: z.string().nullable().describe("The beginning of what the receiver answered."),
      }),
    ),
    nextAttemptAt: timestamp.nullable(),
  })
  .meta({ id: "Delivery" })
export type DeliveryResource = z.infer<typeof deliveryResource>

export const deliveryWithRequestResource = z
  .strictObject({
    ...deliveryResource.shape,
    request: z.strictObject({
      method: z.literal("POST"),
      url: z.string().describe("Where the next try would go: that of the endpoint as it is now."),
      headerNames: z.array(z.string()).describe("Of the endpoint, beside those that Sluice sets. Their values are never shown."),
      body: z
        .string()
        .nullable()
        .describe("What is sent, the same at each try. It holds the job, so it is null for keys without the scope `jobs:read`."),
    }),
  })
  .meta({ id: "DeliveryWithRequest", description: "A delivery with the request that its tries make." })
export type DeliveryWithRequestResource = z.infer<typeof deliveryWithRequestResource>

export const runResource = z
  .strictObject({
    run: z.int().positive(),
    status: z.enum(jobStatuses),
    route: name.nullable().describe("A replay may have chosen another. Null: not known any more."),
    startedAt: timestamp.nullable(),
    finishedAt: timestamp.nullable(),
    error: jobError.nullable().describe("What it failed with; also null where that is not known any more."),
    served: provenance.shape.served.nullable().describe("Who answered the run that succeeded."),
    replay: z
      .strictObject({ replayId: z.string(), by: z.string(), at: timestamp })
      .nullable()
      .describe("What began it; null for the first run."),
  })
  .meta({ id: "Run", description: "One run of a job. Its calls are the `attempts` with its number." })
export type RunResource = z.infer<typeof runResource>

export const jobOutput = z.union([chatOutput, embeddingOutput, imageOutput, json]).meta({ id: "JobOutput" })

export const jobResource = z
  .strictObject({
    id: jobId,
    object: z.literal("job"),
    status: jobStatus,
    route: name,
    kind,
    run: z.int().positive(),
    attemptCount: z.int().nonnegative(),
    waiting: waiting.nullable(),
    createdAt: timestamp,
    startedAt: timestamp.nullable(),
    finishedAt: timestamp.nullable(),
    expiresAt: timestamp,
    cancelRequestedAt: timestamp.nullable(),
    output: jobOutput.nullable(),
    outputUrl: z.string().nullable(),
    provenance: provenance.nullable(),
    usage: usage.nullable(),
    cost: cost.nullable(),
    error: jobError.nullable(),
    deadLetterId: z.string().nullable(),
    batchId: z.string().nullable(),
    customId: z.string().nullable().describe("What the caller of its batch calls it there; null outside of batches."),
    metadata,
    links: z.strictObject({ self: z.string(), events: z.string() }),
    attempts: z.array(attemptResource).optional().describe("Only with `?expand=attempts`."),
    waits: z.array(waitResource).optional().describe("Only with `?expand=waits`: the last 20 that are over, the first one first."),
    runs: z.array(runResource).optional().describe("Only with `?expand=runs`: the last 51, the first one first."),
    deliveries: z.array(deliveryResource).optional().describe("Only with `?expand=deliveries`."),
    input: z.union([chatInput, embeddingInput, imageInput, json]).optional().describe("Only with `?expand=input`."),
  })
  .meta({ id: "Job", description: "A job as the API shows it. Every key is always there." })
export type JobResource = z.infer<typeof jobResource>
