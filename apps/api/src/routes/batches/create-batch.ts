import { type AuditLog, type Batch, createBatchQuery, createBatchRequest, type Origin } from "@sluice/core"
import type { CreateBatch, CreateBatchOutcome } from "@sluice/engine"
import type { Request, RequestHandler } from "express"
import { type AuditedAction, recordAudit } from "../../audit/record-audit.ts"
import { idempotencyKeyOf } from "../../headers/idempotency-key.ts"
import { isNdjson } from "../../middleware/ndjson/read-lines.ts"
import { originOf } from "../../middleware/origin-of.ts"
import { parseBody } from "../../problems/parse-body.ts"
import { Problem } from "../../problems/problem.ts"
import { validationProblem } from "../../problems/validation-problem.ts"
import { assertNoQuery, parseQuery, readQuery } from "../../queries/read-query.ts"
import { itemsOfLines, itemsOfList } from "./incoming-items.ts"
import { type SubmitItemsDependencies, type SubmittedItems, submitItems } from "./submit-items.ts"

export interface CreateBatchHandlerDependencies extends SubmitItemsDependencies {
  readonly createBatch: CreateBatch
  readonly audit: AuditLog
}

/** `POST /v1/batches`: makes a batch, or finds it again by its Idempotency-Key, and adds the items; 200 with what is wrong with some. */
export function createBatchHandler(dependencies: CreateBatchHandlerDependencies): RequestHandler {
  return async function handleCreateBatch(request, response) {
    const idempotencyKey = idempotencyKeyOf(request)
    const { settings, ...submitted } = isNdjson(request) ? readNdjson(request) : readJson(request)
    const { tenantId } = response.locals
    const outcome = await dependencies.createBatch({ tenantId, idempotencyKey, ...originOf(response), ...settings })
    const batch = madeBy(outcome)
    // Before its first item, and not again for each part that is sent later under the same key.
    if (batch.submission === 0) await recordAudit(dependencies.audit, response, auditedCreation(batch))
    if (outcome.kind === "existing") response.setHeader("Idempotency-Replayed", "true")
    await submitItems(dependencies, response, { batch, ...submitted })
  }
}

function auditedCreation({ id, idempotencyKey, defaults, webhook }: Batch): AuditedAction {
  return { action: "batch.create", target: id, details: { idempotencyKey, route: defaults.route ?? null, webhook: webhook?.url ?? null } }
}

type Settings = Omit<Parameters<CreateBatch>[0], "tenantId" | "idempotencyKey" | keyof Origin>

interface Creation extends Omit<SubmittedItems, "batch"> {
  readonly settings: Settings
}

function readNdjson(request: Request): Creation {
  const { route, priority, close } = parseQuery(createBatchQuery, readQuery(request.url))
  const defaults = { ...(route !== undefined && { route }), ...(priority !== undefined && { options: { priority } }) }
  return { settings: { defaults, webhook: null, metadata: {} }, items: itemsOfLines(request), close }
}

function readJson(request: Request): Creation {
  assertNoQuery(request.url)
  const { defaults, webhook, metadata, items, close } = parseBody(createBatchRequest, request.body)
  const settings = { defaults: defaults ?? {}, webhook: webhook ?? null, metadata: metadata ?? {} }
  return { settings, items: itemsOfList(items), close: close ?? items.length > 0 }
}

function madeBy(outcome: CreateBatchOutcome): Batch {
  switch (outcome.kind) {
    case "created":
    case "existing":
      return outcome.batch
    case "invalid_webhook": {
      const pointer = outcome.field === "webhook" ? "#/webhook/url" : "#/defaults/webhook/url"
      throw validationProblem([{ pointer, code: "invalid_value", detail: outcome.message }])
    }
    case "key_reused":
      throw new Problem({
        code: "idempotency_key_reused",
        detail: `The Idempotency-Key belongs to ${outcome.batchId}, which was made with other settings. Use a new key for a new batch.`,
      })
  }
}
