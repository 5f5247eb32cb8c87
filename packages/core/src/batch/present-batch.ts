import type { BatchCounts, BatchResource } from "../contract/batch.ts"
import { type Batch, statusOf } from "./batch.ts"

/** A batch as the wire shows it; `counts` where they are fresher than the batch's own. */
export function presentBatch(batch: Batch, { counts = batch.counts }: { readonly counts?: BatchCounts } = {}): BatchResource {
  const { id, metadata, createdAt, cancelRequestedAt, completedAt } = batch
  const self = `/v1/batches/${id}`
  return {
    id,
    object: "batch",
    status: statusOf(batch),
    counts,
    metadata,
    createdAt: createdAt.toISOString(),
    cancelRequestedAt: cancelRequestedAt?.toISOString() ?? null,
    completedAt: completedAt?.toISOString() ?? null,
    links: { self, items: `${self}/items`, results: `${self}/results`, jobs: `/v1/jobs?batchId=${id}` },
  }
}
