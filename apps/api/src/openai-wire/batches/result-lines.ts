import type { Batch, BlobStore, FinalJob } from "@sluice/core"
import type { BatchResults } from "@sluice/engine"
import { errorOfJob } from "../errors/error-of-job.ts"
import type { BatchFile } from "../files/file-ids.ts"
import { batchEndpoints } from "./batch-endpoints.ts"
import { batchMarksOf } from "./batch-marks.ts"

export interface LinesOptions {
  readonly batch: Batch
  readonly part: BatchFile["part"]
  readonly batchResults: BatchResults
  readonly blobs: BlobStore
}

/** The output of a batch as OpenAI writes it, or what of it failed: a line for each job that has ended, in the order of the input. */
export async function* linesOfBatch({ batch, part, batchResults, blobs }: LinesOptions): AsyncGenerator<string> {
  const { present } = batchEndpoints[batchMarksOf(batch).endpoint]
  for await (const job of batchResults({ batch, order: "submitted", after: null })) {
    if ((job.status === "succeeded") !== (part === "output")) continue
    const ended = job.status === "succeeded" ? answered(job, 200, await present(job, blobs)) : failed(job)
    yield `${JSON.stringify({ id: job.id.replace(/^job_/, "batch_req_"), custom_id: job.customId, ...ended })}\n`
  }
}

interface LineEnd {
  readonly response: { readonly status_code: number; readonly request_id: string; readonly body: unknown } | null
  readonly error: { readonly code: string; readonly message: string } | null
}

function answered({ id }: FinalJob, status: number, body: unknown): LineEnd {
  return { response: { status_code: status, request_id: id, body }, error: null }
}

/** What was never asked, or not to its end, has no answer. */
function failed(job: Exclude<FinalJob, { status: "succeeded" }>): LineEnd {
  const error = errorOfJob(job)
  if (job.status === "failed") return answered(job, error.status, error.body())
  return { response: null, error: { code: `batch_${job.status}`, message: error.message } }
}
