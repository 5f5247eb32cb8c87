import { z } from "zod"
import { errorTypes } from "../errors/error-type.ts"
import { pageQuery } from "./queries.ts"
import { moment, name, timestamp } from "./scalars.ts"
import { metadata } from "./submit.ts"
import { deadLetterStates, noEndpoint } from "./vocabulary.ts"

/** A run that failed or expired, or a webhook delivery that was given up. */
export const deadLetterKinds = ["job", "delivery"] as const
export const deadLetterKind = z.enum(deadLetterKinds).meta({ id: "DeadLetterKind" })
export type DeadLetterKind = z.infer<typeof deadLetterKind>

export const deadLetterState = z.enum(deadLetterStates).meta({ id: "DeadLetterState" })
export type DeadLetterState = z.infer<typeof deadLetterState>

export const deadLetterErrorType = z.enum([...errorTypes, "delivery_failed"]).meta({
  id: "DeadLetterErrorType",
  description: "What a job failed with, or `delivery_failed` for a delivery whose receiver did not take it.",
})

export const deadLetterId = z
  .string()
  .regex(/^dl_[A-Za-z0-9_:-]{1,200}$/, "Expected a dead letter's id such as dl_01993f0ac1d27c4e8b60a1b2c3d4e5f6")
  .meta({ id: "DeadLetterId", description: "A dead letter's id.", examples: ["dl_01993f0ac1d27c4e8b60a1b2c3d4e5f6"] })

export const deadLetterResource = z
  .strictObject({
    id: deadLetterId,
    object: z.literal("dead_letter"),
    kind: deadLetterKind,
    state: deadLetterState,
    jobId: z.string().nullable(),
    deliveryId: z.string().nullable(),
    tenantId: z.string(),
    route: name.nullable(),
    endpoint: z.string().nullable().describe("The one whose error ended the run; for a delivery the receiver. Null: none had been called."),
    error: z.strictObject({ type: deadLetterErrorType, message: z.string(), httpStatus: z.int().nullable() }),
    attemptCount: z.int().nonnegative(),
    createdAt: timestamp.describe("When the last run that failed ended."),
    purgeAt: timestamp.describe("From then on an open one is no longer kept: it is discarded, and goes with its job."),
    replays: z
      .array(
        z.strictObject({
          replayId: z.string(),
          run: z.int().positive(),
          at: timestamp,
          by: z.string(),
          outcome: z.enum(["succeeded", "failed", "cancelled", "expired"]).nullable().describe("Null: the run has not ended."),
        }),
      )
      .describe("The last 50."),
    discarded: z.strictObject({ by: z.string(), reason: z.string(), at: timestamp }).nullable(),
  })
  .meta({ id: "DeadLetter", description: "A dead letter as the API shows it. Every key is always there." })
export type DeadLetterResource = z.infer<typeof deadLetterResource>

const causes = {
  kind: deadLetterKind.optional().describe("Runs of jobs, or deliveries of webhooks."),
  route: name.optional().describe("Of jobs of this route."),
  errorType: deadLetterErrorType.optional().describe("What it failed with."),
  endpoint: z
    .string()
    .min(1)
    .max(64)
    .optional()
    .meta({ description: `Whose error it was; \`${noEndpoint}\` for those that no endpoint was called for.`, examples: ["openai-eu"] }),
  batchId: z
    .string()
    .max(64)
    .optional()
    .meta({ description: "Of jobs of this batch.", examples: ["batch_01993f0ac1d27c4e8b60a1b2c3d4e5f6"] }),
  createdAfter: moment.optional().describe("Its own `createdAt` is after this moment."),
  createdBefore: moment.optional().describe("Its own `createdAt` is before this moment."),
}

/** The query of `GET /v1/dead-letters`; `metadata.KEY` is handled beside it. Without `state` all of them. */
export const listDeadLettersQuery = z.strictObject({
  ...causes,
  state: deadLetterState.optional().describe("In this state only."),
  ...pageQuery,
})
export type ListDeadLettersQuery = z.infer<typeof listDeadLettersQuery>

export const summaryKeys = ["errorType", "route", "endpoint", "day"] as const
export const summaryKey = z.enum(summaryKeys).meta({ id: "SummaryKey" })
export type SummaryKey = z.infer<typeof summaryKey>

/** The query of `GET /v1/dead-letters/summary`. Without `state` the open ones are counted. */
export const deadLetterSummaryQuery = z.strictObject({
  ...causes,
  state: deadLetterState.default("open").describe("In this state."),
  by: summaryKey.default("errorType").describe("What to count by."),
})
export type DeadLetterSummaryQuery = z.infer<typeof deadLetterSummaryQuery>

export const deadLetterSummary = z
  .strictObject({
    object: z.literal("dead_letter_summary"),
    by: summaryKey,
    total: z.int().nonnegative(),
    data: z.array(z.strictObject({ key: z.string().nullable(), count: z.int().positive() })),
  })
  .meta({
    id: "DeadLetterSummary",
    description: "The most frequent cause first. `key` is null for what has none, such as a job that no endpoint was called for.",
  })
export type DeadLetterSummary = z.infer<typeof deadLetterSummary>

export const deadLetterFilter = z
  .strictObject({
    ...causes,
    endpoint: z
      .string()
      .min(1)
      .max(64)
      .nullish()
      .meta({ description: "Whose error it was; `null` for those that no endpoint was called for.", examples: ["openai-eu"] }),
    state: z.literal("open").optional(),
    metadata: metadata.optional(),
  })
  .refine((filter) => Object.values(filter).some((value) => value !== undefined), {
    error: 'An empty filter would select every dead letter. Name a condition, or say {"state": "open"} to mean all that are open',
  })
  .meta({ id: "DeadLetterFilter", description: 'Selects among the open dead letters. To mean all of them, say so: `{"state": "open"}`.' })
export type DeadLetterFilterBody = z.infer<typeof deadLetterFilter>

/** The query of `GET /v1/dead-letters/groups`. Without `state` the open ones are grouped. */
export const deadLetterGroupsQuery = z.strictObject({
  ...causes,
  state: deadLetterState.default("open").describe("In this state."),
})
export type DeadLetterGroupsQuery = z.infer<typeof deadLetterGroupsQuery>

/** Groups of one answer at most. */
export const maxDeadLetterGroups = 200

export const deadLetterGroups = z
  .strictObject({
    object: z.literal("dead_letter_groups"),
    total: z.int().nonnegative().describe("Dead letters in the groups shown."),
    isComplete: z.boolean().describe(`False: there are more than ${maxDeadLetterGroups} groups; the smallest are left out.`),
    data: z.array(
      z.strictObject({
        kind: deadLetterKind,
        errorType: deadLetterErrorType,
        route: name.nullable().describe("Null for deliveries, which are grouped by receiver alone."),
        endpoint: z.string().nullable(),
        count: z.int().positive(),
        oldestAt: timestamp,
        newestAt: timestamp,
        sample: z
          .strictObject({ id: deadLetterId, jobId: z.string().nullable(), message: z.string(), httpStatus: z.int().nullable() })
          .nullable()
          .describe("One of them, for its words; null when it has gone meanwhile."),
        filter: deadLetterFilter.describe("Selects the open ones of this group, for a replay or a discard."),
      }),
    ),
  })
  .meta({
    id: "DeadLetterGroups",
    description: "Dead letters that have kind, error, route and endpoint in common, the largest group first.",
  })
export type DeadLetterGroups = z.infer<typeof deadLetterGroups>

export const maxIdsSelected = 1_000

/** Which dead letters: by `filter` or by `ids`, not both. */
export const deadLetterSelection = {
  filter: deadLetterFilter.optional(),
  ids: z.array(deadLetterId).min(1).max(maxIdsSelected).optional(),
}

export function selectsOneWay({ filter, ids }: { readonly filter?: unknown; readonly ids?: unknown }): boolean {
  return (filter === undefined) !== (ids === undefined)
}
export const oneWay = { error: "Give either `filter` or `ids`" }

export const discardDeadLettersRequest = z
  .strictObject({ ...deadLetterSelection, reason: z.string().trim().min(1).max(500) })
  .refine(selectsOneWay, oneWay)
  .meta({ id: "DiscardDeadLettersRequest", description: "The body of `POST /v1/dead-letters/discard`." })
export type DiscardDeadLettersRequest = z.infer<typeof discardDeadLettersRequest>

export const discardedDeadLetters = z.strictObject({ discarded: z.int().nonnegative(), hint: z.string().nullable() }).meta({
  id: "DiscardedDeadLetters",
  description: "What `POST /v1/dead-letters/discard` answers. `hint` says in words why fewer were discarded than asked for.",
})
