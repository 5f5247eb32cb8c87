import { z } from "zod"
import { jobResource } from "./job-resource.ts"
import { pageQuery } from "./queries.ts"
import { json, name, timestamp } from "./scalars.ts"
import { metadata, priority, submitOptions, submitRequest, webhookTarget } from "./submit.ts"

/** Items of one batch, and of one request. */
export const maxBatchItems = 10_000
export const maxCustomIdLength = 256

export const batchId = z.string().regex(/^batch_[0-9a-f]{32}$/, "Expected a batch id such as batch_01993f0ac1d27c4e8b60a1b2c3d4e5f6")

/** The caller's own name for an item: unique in its batch, so that an item that is sent again is recognised. */
export const customId = z.string().min(1).max(maxCustomIdLength)

/** One line of NDJSON, or one of `items`. What `job` leaves out is taken from the batch's defaults. */
export const batchItem = z.strictObject({ customId, job: submitRequest.partial({ route: true }) })
export type BatchItem = z.infer<typeof batchItem>

/** What every job of the batch gets where it says nothing itself. `metadata` is merged key by key, `options` option by option. */
export const batchDefaults = z.strictObject({
  route: name.nullish(),
  options: submitOptions.nullish().describe("Without a word about it, the `priority` of a batch's jobs is `bulk`."),
  webhook: webhookTarget.nullish().describe("For each job by itself; who wants to hear of the whole batch gives the batch a webhook."),
  metadata: metadata.nullish(),
})
export type BatchDefaults = z.infer<typeof batchDefaults>

/** Gets one `batch.completed`, when the last job of the batch has ended. */
export const batchWebhook = webhookTarget.omit({ events: true })
export type BatchWebhookTarget = z.infer<typeof batchWebhook>

const addition = {
  items: z
    .array(json)
    .max(maxBatchItems)
    .default([])
    .describe("Each `{customId, job}`. They are looked at one by one, so that one that is wrong does not keep out the others."),
  close: z
    .boolean()
    .nullish()
    .describe(
      "Whether these are the last: a batch completes only once it is closed. Default: true when there are items, so that a batch can be made without any, to be filled by `POST /v1/batches/{id}/items`.",
    ),
}

/** The body of `POST /v1/batches` as JSON. As NDJSON each line is an item, and `createBatchQuery` says the rest. */
export const createBatchRequest = z.strictObject({
  ...addition,
  defaults: batchDefaults.nullish(),
  webhook: batchWebhook.nullish(),
  metadata: metadata.nullish().describe("The batch's own; its jobs have that of `defaults`."),
})
export type CreateBatchRequest = z.infer<typeof createBatchRequest>

/** The body of `POST /v1/batches/{id}/items` as JSON. */
export const addBatchItemsRequest = z.strictObject(addition)

const closeFlag = z
  .enum(["true", "false"])
  .default("true")
  .transform((text) => text === "true")
  .describe("Whether these are the last items; `false` keeps the batch open for more.")

/** The query of `POST /v1/batches` with NDJSON. A batch that needs more settings is created as JSON, and its items are sent after. */
export const createBatchQuery = z.strictObject({
  route: name.optional().describe("Of items that name none."),
  priority: priority.optional().describe("Of items that name none. Default: `bulk`."),
  close: closeFlag,
})

/** The query of `POST /v1/batches/{id}/items` with NDJSON. */
export const addBatchItemsQuery = z.strictObject({ close: closeFlag })

export const batchStatuses = ["open", "running", "cancelling", "completed", "cancelled"] as const
export type BatchStatus = (typeof batchStatuses)[number]

const count = z.int().nonnegative()

/** Jobs by status, counted from the jobs themselves: a job that is removed is counted no longer, a replayed one anew. */
export const batchCounts = z.strictObject({
  total: count,
  queued: count,
  running: count,
  succeeded: count,
  failed: count,
  cancelled: count,
  expired: count,
})
export type BatchCounts = z.infer<typeof batchCounts>

/** A batch as the API shows it. Every key is always there. */
export const batchResource = z.strictObject({
  id: batchId,
  object: z.literal("batch"),
  status: z
    .enum(batchStatuses)
    .describe(
      "`open` takes more items, `running` waits for its jobs, `cancelling` is ending them. `completed` and `cancelled` are final: every job had ended. A replay of one of its jobs shows in the counts only.",
    ),
  counts: batchCounts,
  metadata,
  createdAt: timestamp,
  cancelRequestedAt: timestamp.nullable(),
  completedAt: timestamp.nullable(),
  links: z.strictObject({ self: z.string(), items: z.string(), results: z.string(), jobs: z.string() }),
})
export type BatchResource = z.infer<typeof batchResource>

export const batchItemErrorCodes = [
  "malformed_json",
  "payload_too_large",
  "validation_failed",
  "route_unknown",
  /** The batch has this `customId` already, with another job. */
  "custom_id_reused",
  /** The batch has as many items as it may. */
  "batch_full",
  /** The batch is complete or cancelled. */
  "batch_ended",
  /** The tenant has as many unfinished jobs as it may: send the item again later. */
  "tenant_queue_full",
] as const
export type BatchItemErrorCode = (typeof batchItemErrorCodes)[number]

/** What is wrong with an item that was not taken. One item may have several. */
export const batchItemError = z.strictObject({
  line: z.int().positive().describe("The line of the body, or the place in `items`; the first is 1."),
  customId: z.string().nullable().describe("Null where it could not be read."),
  pointer: z.string().describe("A JSON Pointer into the item: `#/job/input/messages/0/role`."),
  code: z.enum(batchItemErrorCodes),
  detail: z.string(),
  retryable: z.boolean().describe("The same item, sent again later, may be taken."),
})
export type BatchItemError = z.infer<typeof batchItemError>

/** The answer of both calls that take items: 200, whatever is wrong with some of them. */
export const batchSubmission = z.strictObject({
  object: z.literal("batch_submission"),
  batch: batchResource,
  accepted: count.describe("Items that became jobs by this request."),
  existing: count.describe("Items that the batch had already, with the same job."),
  failed: count.describe("Items that were not taken."),
  errors: z.array(batchItemError).describe("What is wrong with them: the first thousand."),
})
export type BatchSubmission = z.infer<typeof batchSubmission>

/** `GET /v1/batches`, newest first. */
export const listBatchesQuery = z.strictObject(pageQuery)

/** By when the items were submitted, or by when their jobs ended. */
export const resultOrders = ["submitted", "completed"] as const
export type ResultOrder = (typeof resultOrders)[number]

/** The query of `GET /v1/batches/{id}/results`. */
export const batchResultsQuery = z.strictObject({
  order: z
    .enum(resultOrders)
    .default("submitted")
    .describe("By when the items were submitted, or by when their jobs ended. To follow a batch under way: `completed`."),
  cursor: z
    .string()
    .max(512)
    .optional()
    .meta({
      description: "Of the last line that was received: what follows it is sent.",
      examples: ["MTc2MzY2ODgwMjEzMCBqb2JfMDE5OTNmMGFjMWQyN2M0ZThiNjBhMWIyYzNkNGU1ZjY"],
    }),
})

/** One line of the results: a job that has ended. */
export const batchResult = z.strictObject({ customId, job: jobResource, cursor: z.string() })
export type BatchResult = z.infer<typeof batchResult>
