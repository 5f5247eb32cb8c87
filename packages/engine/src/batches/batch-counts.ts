import type { Batch, BatchCounts, BatchJobs } from "@sluice/core"

/** The counts of a batch as they are now: those of one that nobody works on any more are kept with it. */
export async function freshCounts(batchJobs: Pick<BatchJobs, "count">, batch: Batch): Promise<BatchCounts> {
  return batch.isActive ? await batchJobs.count({ tenantId: batch.tenantId, batchId: batch.id }) : batch.counts
}
