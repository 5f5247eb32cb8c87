import {
  type AuditLog,
  addBatchItemsQuery,
  addBatchItemsRequest,
  type BatchJobs,
  type BatchStore,
  listBatchesQuery,
  presentBatch,
} from "@sluice/core"
import { type CancelBatch, freshCounts } from "@sluice/engine"
import type { Request, RequestHandler } from "express"
import { recordAudit } from "../../audit/record-audit.ts"
import { isNdjson } from "../../middleware/ndjson/read-lines.ts"
import { parseBody } from "../../problems/parse-body.ts"
import { createIdCursor } from "../../queries/id-cursor.ts"
import { assertNoQuery, parseQuery, readQuery } from "../../queries/read-query.ts"
import { pageOf } from "../../responses/page-of.ts"
import { sendJson } from "../../responses/send-json.ts"
import { sendResource } from "../../responses/send-resource.ts"
import { batchOf } from "./find-batch.ts"
import { itemsOfLines, itemsOfList } from "./incoming-items.ts"
import { type SubmitItemsDependencies, type SubmittedItems, submitItems } from "./submit-items.ts"

export interface BatchHandlerDependencies {
  readonly batches: Pick<BatchStore, "find" | "list">
  readonly batchJobs: Pick<BatchJobs, "count">
  readonly cancelBatch: CancelBatch
  readonly audit: AuditLog
}

const cursors = createIdCursor("batch_")

/** `GET /v1/batches`: the tenant's, newest first, by page. The counts of those under way are at most some seconds old. */
export function listBatchesHandler({ batches }: BatchHandlerDependencies): RequestHandler {
  return async function handleListBatches(request, response) {
    const { cursor, limit } = parseQuery(listBatchesQuery, readQuery(request.url))
    const before = cursor === undefined ? null : cursors.decode(cursor)
    const found = await batches.list({ tenantId: response.locals.tenantId, before, limit: limit + 1 })
    const { items, last } = pageOf(found, limit)
    sendResource(request, response, { data: items.map((batch) => presentBatch(batch)), nextCursor: last && cursors.encode(last.id) })
  }
}

/** `GET /v1/batches/{id}`, counted now. */
export function getBatchHandler({ batches, batchJobs }: BatchHandlerDependencies): RequestHandler {
  return async function handleGetBatch(request, response) {
    assertNoQuery(request.url)
    const batch = await batchOf(request, response, batches.find)
    sendResource(request, response, presentBatch(batch, { counts: await freshCounts(batchJobs, batch) }))
  }
}

/** `POST /v1/batches/{id}/cancel`: 200 with the batch, also after its end. What has not ended yet is ended within seconds. */
export function cancelBatchHandler({ batches, cancelBatch, batchJobs, audit }: BatchHandlerDependencies): RequestHandler {
  return async function handleCancelBatch(request, response) {
    assertNoQuery(request.url)
    const { id } = await batchOf(request, response, batches.find)
    await recordAudit(audit, response, { action: "batch.cancel", target: id })
    const batch = await batchOf(request, response, cancelBatch)
    sendJson(response, { status: 200, body: presentBatch(batch, { counts: await freshCounts(batchJobs, batch) }) })
  }
}

/** `POST /v1/batches/{id}/items`: adds items, or sends them again, which adds nothing; 200 with what is wrong with some. */
export function addItemsHandler(dependencies: SubmitItemsDependencies): RequestHandler {
  return async function handleAddItems(request, response) {
    const submitted = isNdjson(request) ? readNdjson(request) : readJson(request)
    const batch = await batchOf(request, response, dependencies.batches.find)
    await submitItems(dependencies, response, { batch, ...submitted })
  }
}

function readNdjson(request: Request): Omit<SubmittedItems, "batch"> {
  const { close } = parseQuery(addBatchItemsQuery, readQuery(request.url))
  return { items: itemsOfLines(request), close }
}

function readJson(request: Request): Omit<SubmittedItems, "batch"> {
  assertNoQuery(request.url)
  const { items, close } = parseBody(addBatchItemsRequest, request.body)
  return { items: itemsOfList(items), close: close ?? items.length > 0 }
}
