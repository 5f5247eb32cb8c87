import { z } from "zod"
import {
  addBatchItemsQuery,
  addBatchItemsRequest,
  type BatchResource,
  type BatchSubmission,
  batchItem,
  batchResource,
  batchResult,
  batchResultsQuery,
  batchSubmission,
  createBatchQuery,
  createBatchRequest,
  listBatchesQuery,
} from "../batch.ts"
import { pageOf } from "../queries.ts"
import { exampleChatInput, succeededJob } from "./example-job.ts"
import { exampleIds, exampleTimes } from "./examples.ts"
import { location } from "./headers.ts"
import { json, type Operation } from "./operation.ts"

const tag = "batches"
const pathParameters = z.strictObject({ id: z.string().meta({ description: "The batch's id.", examples: [exampleIds.batch] }) })
const self = `/v1/batches/${exampleIds.batch}`

const running: BatchResource = {
  id: exampleIds.batch,
  object: "batch",
  status: "running",
  counts: { total: 10_000, queued: 6_210, running: 40, succeeded: 3_742, failed: 8, cancelled: 0, expired: 0 },
  metadata: { night: "2026-11-20" },
  createdAt: exampleTimes.submitted,
  cancelRequestedAt: null,
  completedAt: null,
  links: { self, items: `${self}/items`, results: `${self}/results`, jobs: `/v1/jobs?batchId=${exampleIds.batch}` },
}
const cancelling: BatchResource = { ...running, status: "cancelling", cancelRequestedAt: exampleTimes.finished }

const item = { customId: "order-81", job: { route: "chat", input: exampleChatInput } }
const submitted: BatchSubmission = {
  object: "batch_submission",
  batch: running,
  accepted: 9_998,
  existing: 0,
  failed: 1,
  errors: [
    {
      line: 7,
      customId: "order-87",
      pointer: "#/job/input/messages/0/role",
      code: "validation_failed",
      detail: 'Expected system, user, assistant or tool; got "bot".',
      retryable: false,
    },
  ],
}

const itemsInWords =
  "JSON has at most 8 MiB. NDJSON, one `{customId, job}` a line, is read as it comes and no faster than it is stored, 8 MiB a line, without compression; there the settings stand in the query. An item that is wrong is told of with its line, and keeps out no other. An item that the batch has already adds nothing."
const lines = { "application/x-ndjson": { schema: batchItem, examples: { line: item } } }
const answered = { description: "What became of the items.", content: json(batchSubmission, { submitted }) }

const createBatch: Operation = {
  id: "createBatch",
  method: "post",
  path: "/v1/batches",
  tag,
  summary: "Submit a batch",
  description: `Up to 10,000 jobs at once, as \`bulk\` unless they say otherwise. ${itemsInWords} What was accepted before a connection broke stays: send all again under the same Idempotency-Key, or the rest to \`/v1/batches/{id}/items\`.`,
  scope: "jobs:write",
  query: createBatchQuery,
  headers: z.object({
    "Idempotency-Key": z
      .string()
      .min(1)
      .max(255)
      .optional()
      .meta({
        description:
          "1 to 255 printable ASCII characters of your own. The same key with the same settings finds the batch again, for as long as it is kept; with others it is `idempotency_key_reused`.",
        examples: ["orders-of-2026-11-20"],
      }),
  }),
  body: {
    content: {
      ...json(createBatchRequest, {
        small: { items: [item] },
        toBeFilled: { defaults: { route: "chat" }, webhook: { url: "https://app.example/hooks" }, metadata: { night: "2026-11-20" } },
      }),
      ...lines,
    },
  },
  answers: {
    200: {
      ...answered,
      headers: z.object({
        Location: location("/v1/batches/{id}", self),
        "Idempotency-Replayed": z
          .literal("true")
          .optional()
          .meta({ description: "The batch is that of an earlier request with this key." }),
      }),
    },
  },
  problems: ["idempotency_key_reused"],
}

const addBatchItems: Operation = {
  id: "addBatchItems",
  method: "post",
  path: "/v1/batches/{id}/items",
  tag,
  summary: "Add items to a batch",
  description: `Until it is complete or cancelled. ${itemsInWords} A body of no items closes the batch, if \`close\` says so.`,
  scope: "jobs:write",
  pathParameters,
  query: addBatchItemsQuery,
  body: { content: { ...json(addBatchItemsRequest, { some: { items: [item], close: false }, close: { close: true } }), ...lines } },
  answers: { 200: { ...answered, headers: z.object({ Location: location("/v1/batches/{id}", self) }) } },
}

const listBatches: Operation = {
  id: "listBatches",
  method: "get",
  path: "/v1/batches",
  tag,
  summary: "List batches",
  description: "The tenant's, newest first. The counts of those under way are at most some seconds old.",
  scope: "jobs:read",
  query: listBatchesQuery,
  isRevalidated: true,
  answers: { 200: { description: "A page.", content: json(pageOf(batchResource), { page: { data: [running], nextCursor: null } }) } },
}

const getBatch: Operation = {
  id: "getBatch",
  method: "get",
  path: "/v1/batches/{id}",
  tag,
  summary: "Read a batch's progress",
  scope: "jobs:read",
  pathParameters,
  isRevalidated: true,
  answers: { 200: { description: "How far it is, counted now.", content: json(batchResource, { running }) } },
}

const getBatchResults: Operation = {
  id: "getBatchResults",
  method: "get",
  path: "/v1/batches/{id}/results",
  tag,
  summary: "Read a batch's results",
  description:
    "A line for each job that has ended, also while others run. Each line has a `cursor`, from which a later request goes on. An output over 1 MiB is linked.",
  scope: "jobs:read",
  pathParameters,
  query: batchResultsQuery,
  answers: {
    200: {
      description: "NDJSON, one result a line.",
      content: {
        "application/x-ndjson": {
          schema: batchResult,
          examples: { line: { customId: "order-81", job: succeededJob, cursor: exampleIds.cursor } },
        },
      },
    },
  },
}

const cancelBatch: Operation = {
  id: "cancelBatch",
  method: "post",
  path: "/v1/batches/{id}/cancel",
  tag,
  summary: "Cancel a batch",
  description: "It takes nothing more, and what of it has not ended is ended within seconds. Harmless after its end.",
  scope: "jobs:write",
  pathParameters,
  answers: { 200: { description: "The batch as it is now.", content: json(batchResource, { cancelling }) } },
}

export const batchOperations = [createBatch, listBatches, getBatch, addBatchItems, getBatchResults, cancelBatch]
