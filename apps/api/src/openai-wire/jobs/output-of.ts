import { type BlobStore, type Job, type Json, json } from "@sluice/core"
import type { z } from "zod"
import { loadBlob } from "../../routes/jobs/load-blob.ts"

type SucceededJob = Extract<Job, { status: "succeeded" }>

/** What a job made, wherever it is kept, as its kind has it. Throws `not_found` when it is kept no longer. */
export async function outputOf<T>(
  schema: z.ZodType<T>,
  { job, blobs }: { readonly job: SucceededJob; readonly blobs: BlobStore },
): Promise<T> {
  const { output } = job.result
  if (output.at === "job") return schema.parse(output.value)
  const { bytes } = await loadBlob(blobs, { tenantId: job.tenantId, id: output.blobId })
  const value: Json = json.parse(JSON.parse(Buffer.from(bytes).toString("utf8")))
  return schema.parse(value)
}
