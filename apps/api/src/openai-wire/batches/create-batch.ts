import type { AuditLog, Batch, BatchStore, BlobStore, FileStore, JobStore } from "@sluice/core"
import type { AddFile, AddItems, CancelBatch, Catalog, CreateBatch, RefusedItem } from "@sluice/engine"
import type { Request, RequestHandler, Response } from "express"
import { z } from "zod"
import { recordAudit } from "../../audit/record-audit.ts"
import { idempotencyKeyOf } from "../../headers/idempotency-key.ts"
import { originOf } from "../../middleware/origin-of.ts"
import { assertNoQuery } from "../../queries/read-query.ts"
import { sendJson } from "../../responses/send-json.ts"
import { describeRefusal } from "../../routes/batches/describe-refusal.ts"
import { loadBlob } from "../../routes/jobs/load-blob.ts"
import { invalidParameter, OpenaiError } from "../errors/openai-error.ts"
import { openaiMetadata } from "../requests/metadata.ts"
import { parseRequest } from "../requests/parse-request.ts"
import { createLoadConversation } from "../responses/load-conversation.ts"
import { batchUrls } from "./batch-endpoints.ts"
import { toBatchMetadata } from "./batch-marks.ts"
import { completionWindow, completionWindowMs } from "./present-batch.ts"
import { itemsOf, type LineError, type ReadLine, readBatchLines } from "./read-batch-lines.ts"
import { type ShowBatchDependencies, showBatch } from "./show-batch.ts"

export interface CreateBatchDependencies extends ShowBatchDependencies {
  readonly catalog: () => Catalog
  readonly files: FileStore
  readonly blobs: BlobStore
  readonly jobs: JobStore
  readonly addFile: AddFile
  readonly batches: Pick<BatchStore, "find" | "list" | "close">
  readonly createBatch: CreateBatch
  readonly addItems: AddItems
  readonly cancelBatch: CancelBatch
  readonly audit: AuditLog
}

const createRequest = z.strictObject({
  input_file_id: z.string(),
  endpoint: z.enum(batchUrls),
  completion_window: z.literal(completionWindow),
  metadata: openaiMetadata,
  output_expires_after: z.strictObject({ anchor: z.literal("created_at"), seconds: z.int().min(3_600).max(2_592_000) }).nullish(),
})
type CreateRequest = z.infer<typeof createRequest>

/** What a failed batch has to say is kept as long as OpenAI keeps the files of batches; and so many lines of it. */
const errorsKeptMs = 30 * 86_400_000
const maxErrors = 1_000

/**
 * `POST /openai/v1/batches`: looks at every line of the file before any of it runs; a batch of which a line is wrong has failed as a
 * whole, and says what. Sent again under the same Idempotency-Key it goes on where it stopped.
 */
export function createOpenaiBatchHandler(dependencies: CreateBatchDependencies): RequestHandler {
  return async function handleCreateOpenaiBatch(request, response) {
    assertNoQuery(request.url)
    const { tenantId } = response.locals
    const asked = parseRequest(createRequest, { body: request.body, refusals: {} })
    const lines = await openLines(dependencies, { tenantId, asked })
    const errors = await errorsIn(lines())
    const batch = await makeBatch(dependencies, { request, response, asked, errors })
    if (errors.length > 0) await dependencies.batches.close(batch)
    else if (!batch.isClosed) await addAll(dependencies, { response, batch, lines: lines() })
    sendJson(response, { status: 200, body: await showBatch(dependencies, (await dependencies.batches.find(batch)) ?? batch) })
  }
}

/** Reads the file once, and its lines as often as they are asked for: no more than one of them is held in memory besides. */
async function openLines(
  { files, blobs, jobs, catalog }: CreateBatchDependencies,
  { tenantId, asked }: { readonly tenantId: string; readonly asked: CreateRequest },
): Promise<() => AsyncGenerator<ReadLine>> {
  const file = await files.find({ tenantId, id: asked.input_file_id })
  if (file === null) throw invalidParameter("input_file_id", `There is no file ${asked.input_file_id}. Upload one: POST /openai/v1/files.`)
  const { bytes } = await loadBlob(blobs, { tenantId, id: file.id })
  const context = { catalog: catalog(), load: createLoadConversation({ jobs, blobs, tenantId }), endpoint: asked.endpoint }
  return () => readBatchLines(bytes, context)
}

async function errorsIn(lines: AsyncIterable<ReadLine>): Promise<readonly LineError[]> {
  const errors: LineError[] = []
  let count = 0
  for await (const read of lines) {
    count += 1
    if (!("item" in read) && errors.length < maxErrors) errors.push(read)
  }
  if (count > 0) return errors
  return [{ line: 1, code: "empty_file", message: "The file has no requests.", param: null }]
}

interface NewBatch {
  readonly request: Request
  readonly response: Response
  readonly asked: CreateRequest
  readonly errors: readonly LineError[]
}

async function makeBatch(dependencies: CreateBatchDependencies, { request, response, asked, errors }: NewBatch): Promise<Batch> {
  const { tenantId } = response.locals
  const errorFileId = errors.length === 0 ? null : await keepErrors(dependencies.addFile, { tenantId, errors })
  const marks = toBatchMetadata({ inputFileId: asked.input_file_id, endpoint: asked.endpoint, errorFileId })
  const retainMs = asked.output_expires_after ? { retainMs: asked.output_expires_after.seconds * 1_000 } : {}
  const outcome = await dependencies.createBatch({
    tenantId,
    // The file of errors is another each time.
    idempotencyKey: errorFileId === null ? idempotencyKeyOf(request) : null,
    defaults: { options: { expiresInMs: completionWindowMs, ...retainMs } },
    webhook: null,
    metadata: { ...asked.metadata, ...marks },
    ...originOf(response),
  })
  if (outcome.kind === "invalid_webhook") throw new Error("There is no webhook that could be invalid.")
  if (outcome.kind === "key_reused") {
    const message = `The Idempotency-Key belongs to ${outcome.batchId}, which was made of something else. Use a new key for a new batch.`
    throw new OpenaiError({ status: 422, type: "invalid_request_error", code: "idempotency_key_reused", message })
  }
  const { batch } = outcome
  if (outcome.kind === "existing") response.setHeader("Idempotency-Replayed", "true")
  else
    await recordAudit(dependencies.audit, response, {
      action: "batch.create",
      target: batch.id,
      details: { inputFileId: asked.input_file_id },
    })
  return batch
}

async function keepErrors(addFile: AddFile, { tenantId, errors }: { readonly tenantId: string; readonly errors: readonly LineError[] }) {
  const bytes = Buffer.from(errors.map((error) => `${JSON.stringify(error)}\n`).join(""))
  const file = { filename: "errors.jsonl", purpose: "batch_output", contentType: "application/jsonl", bytes, keptMs: errorsKeptMs }
  return (await addFile({ tenantId, ...file })).id
}

interface ReadBatch extends Pick<NewBatch, "response"> {
  readonly batch: Batch
  readonly lines: AsyncIterable<ReadLine>
}

/** Every line was in order; what is refused now is so for the tenant's limits, or since the configuration has just changed. */
async function addAll({ addItems, cancelBatch }: CreateBatchDependencies, { response, batch, lines }: ReadBatch): Promise<void> {
  let refused: RefusedItem | null = null
  await addItems({ batch, items: itemsOf(lines), close: true, ...originOf(response), onRefused: (item) => (refused ??= item) })
  if (refused === null) return
  await cancelBatch(batch)
  throw refusalOf(refused)
}

function refusalOf(refused: RefusedItem): Error {
  const [error] = describeRefusal(refused)
  if (refused.fault.kind === "tenant_queue_full") return queueFullOf()
  return invalidParameter("input_file_id", `Line ${refused.line}: ${error?.detail ?? refused.fault.kind} The batch was cancelled.`)
}

function queueFullOf(): OpenaiError {
  const message =
    "The tenant has no place in line for so many requests, and the batch was cancelled. Make it again later, or a smaller one."
  return new OpenaiError({
    status: 429,
    type: "rate_limit_error",
    code: "queue_full",
    message,
    headers: { "Retry-After": "2" },
    isRetried: false,
  })
}
