import type { Batch, BatchInsertOutcome, BatchStore } from "@sluice/core"
import type { SendTo } from "../connection/database.ts"
import { DuplicateKeyError, itemErrors } from "../errors/item-errors.ts"
import { TryAgain } from "../errors/try-again.ts"
import { batchKeyIndexName } from "../indexes/batches.ts"
import type { Operations } from "../operations/operations.ts"
import { type BatchDocument, fromBatchDocument, toBatchDocument } from "./batch-document.ts"

export interface InsertBatchContext {
  readonly toBatches: SendTo<BatchDocument>
  readonly operations: Operations
}

/** Stores a new batch. An insert of unknown outcome is made again: a duplicate `_id` then means that it is there. */
export function insertBatch(context: InsertBatchContext): BatchStore["insert"] {
  const { toBatches, operations } = context
  return (batch) =>
    operations.run(`insert of ${batch.id}`, async () => {
      try {
        await toBatches((batches) => batches.insertMany([toBatchDocument(batch)], { ordered: false }))
        return { kind: "inserted" }
      } catch (error) {
        const duplicate = itemErrors(error).get(0)
        if (duplicate instanceof DuplicateKeyError) return await outcomeOfDuplicate(context, batch, duplicate)
        throw error
      }
    })
}

async function outcomeOfDuplicate({ toBatches }: InsertBatchContext, batch: Batch, error: DuplicateKeyError): Promise<BatchInsertOutcome> {
  const { tenantId, idempotencyKey } = batch
  if (idempotencyKey === null || !error.isOf(batchKeyIndexName)) return { kind: "inserted" }
  const holder = await toBatches((batches) => batches.findOne({ tenantId, idempotencyKey }))
  if (!holder) throw new TryAgain("the batch with the same idempotency key is gone")
  return holder._id === batch.id ? { kind: "inserted" } : { kind: "existing", batch: fromBatchDocument(holder) }
}
