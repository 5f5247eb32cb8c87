import type { Batch, BatchJobs, BlobStore } from "@sluice/core"
import { freshCounts } from "@sluice/engine"
import { z } from "zod"
import { batchMarksOf } from "./batch-marks.ts"
import { type PresentedBatch, presentBatch } from "./present-batch.ts"
import type { LineError } from "./read-batch-lines.ts"

export interface ShowBatchDependencies {
  readonly batchJobs: Pick<BatchJobs, "count">
  readonly blobs: BlobStore
}

const lineError = z.object({ line: z.int(), code: z.string(), message: z.string(), param: z.string().nullable() })

/** A batch as it is now, counted anew; with what is wrong in its file, as long as that is kept. */
export async function showBatch({ batchJobs, blobs }: ShowBatchDependencies, batch: Batch): Promise<PresentedBatch> {
  const [counts, errors] = await Promise.all([freshCounts(batchJobs, batch), errorsOf(blobs, batch)])
  return presentBatch(batch, { counts, errors })
}

async function errorsOf(blobs: BlobStore, batch: Batch): Promise<readonly LineError[]> {
  const { errorFileId } = batchMarksOf(batch)
  const blob = errorFileId === null ? null : await blobs.get({ tenantId: batch.tenantId, id: errorFileId })
  if (blob === null) return []
  const lines = Buffer.from(blob.bytes).toString("utf8").trim().split("\n")
  return lines.map((line) => lineError.parse(JSON.parse(line)))
}
