import { type AuditLog, type Batch, type BatchStore, batchId, isOpenaiBatch } from "@sluice/core"
import type { CancelBatch } from "@sluice/engine"
import type { Request, RequestHandler, Response } from "express"
import { z } from "zod"
import { recordAudit } from "../../audit/record-audit.ts"
import { assertNoQuery, parseQuery, readQuery } from "../../queries/read-query.ts"
import { sendJson } from "../../responses/send-json.ts"
import { openaiNotFound } from "../errors/openai-not-found.ts"
import { presentBatch } from "./present-batch.ts"
import { type ShowBatchDependencies, showBatch } from "./show-batch.ts"

export interface BatchHandlerDependencies extends ShowBatchDependencies {
  readonly batches: Pick<BatchStore, "find" | "list">
  readonly cancelBatch: CancelBatch
  readonly audit: AuditLog
}

/** `GET /openai/v1/batches/{id}`, counted now. */
export function getOpenaiBatchHandler(dependencies: BatchHandlerDependencies): RequestHandler {
  return async function handleGetOpenaiBatch(request, response) {
    assertNoQuery(request.url)
    sendJson(response, { status: 200, body: await showBatch(dependencies, await findBatch(dependencies, request, response)) })
  }
}

/** `POST /openai/v1/batches/{id}/cancel`: what has not ended is ended within seconds; what has stays. */
export function cancelOpenaiBatchHandler(dependencies: BatchHandlerDependencies): RequestHandler {
  return async function handleCancelOpenaiBatch(request, response) {
    assertNoQuery(request.url)
    const batch = await findBatch(dependencies, request, response)
    await recordAudit(dependencies.audit, response, { action: "batch.cancel", target: batch.id })
    sendJson(response, { status: 200, body: await showBatch(dependencies, (await dependencies.cancelBatch(batch)) ?? batch) })
  }
}

const listQuery = z.strictObject({
  after: z.string().optional(),
  limit: z.coerce.number().int().min(1).max(100).default(20),
})

/** `GET /openai/v1/batches`: those that came over this wire, newest first. The counts of those under way are some seconds old. */
export function listOpenaiBatchesHandler({ batches }: BatchHandlerDependencies): RequestHandler {
  return async function handleListOpenaiBatches(request, response) {
    const { after = null, limit } = parseQuery(listQuery, readQuery(request.url))
    const found = await ownBatches(batches, { tenantId: response.locals.tenantId, after, limit: limit + 1 })
    const page = found.slice(0, limit)
    const data = page.map((batch) => presentBatch(batch, { counts: batch.counts }))
    const ids = { first_id: page[0]?.id ?? null, last_id: page.at(-1)?.id ?? null }
    sendJson(response, { status: 200, body: { object: "list", data, ...ids, has_more: found.length > limit } })
  }
}

/** A tenant's batches are of both kinds, and kept in one list. */
async function ownBatches(
  batches: Pick<BatchStore, "list">,
  { tenantId, after, limit }: { readonly tenantId: string; readonly after: string | null; readonly limit: number },
): Promise<readonly Batch[]> {
  const own: Batch[] = []
  for (let before = after; own.length < limit; ) {
    const page = await batches.list({ tenantId, before, limit })
    own.push(...page.filter(isOpenaiBatch))
    before = page.at(-1)?.id ?? null
    if (page.length < limit) break
  }
  return own.slice(0, limit)
}

async function findBatch({ batches }: BatchHandlerDependencies, request: Request, response: Response): Promise<Batch> {
  const id = batchId.safeParse(request.params.id)
  const batch = id.success ? await batches.find({ tenantId: response.locals.tenantId, id: id.data }) : null
  if (batch && isOpenaiBatch(batch)) return batch
  throw openaiNotFound("There is no such batch, or the key may not see it.")
}
