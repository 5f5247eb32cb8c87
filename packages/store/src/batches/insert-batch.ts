import type { BatchStore } from "@sluice/core"
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
export function insertBatch({ toBatches, operations }: InsertBatchContext): BatchStore["insert"] {
  return (batch) =>
    operations.run(`insert of ${batch.id}`, async () => {
      try {
        await toBatches((batches) => batches.insertMany([toBatchDocument(batch)], { ordered: false }))
        return { kind: "inserted" }
      } catch (error) {
        const duplicate = itemErrors(error).get(0)
        if (!(duplicate instanceof DuplicateKeyError)) throw error
        if (!duplicate.isOf(batchKeyIndexName) || batch.idempotencyKey === null) return { kind: "inserted" }
        const { tenantId, idempotencyKey } = batch
        const holder = await toBatches((batches) => batches.findOne({ tenantId, idempotencyKey }))
        if (!holder) throw new TryAgain("the batch with the same idempotency key is gone")
        return holder._id === batch.id ? { kind: "inserted" } : { kind: "existing", batch: fromBatchDocument(holder) }
      }
    })
}
