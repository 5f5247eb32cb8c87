import type { BlobStore, JobStore } from "@sluice/core"
import type { RequestHandler } from "express"
import { assertNoQuery } from "../../queries/read-query.ts"
import { sendFile } from "../../responses/send-file.ts"
import { findSucceeded, jobIdOf } from "./find-job.ts"
import { loadBlob } from "./load-blob.ts"

export interface GetOutputHandlerDependencies {
  readonly jobs: JobStore
  readonly blobs: BlobStore
}

/** `GET /v1/jobs/{id}/output`: the output alone, of whatever size. */
export function getOutputHandler({ jobs, blobs }: GetOutputHandlerDependencies): RequestHandler {
  return async function handleGetOutput(request, response) {
    assertNoQuery(request.url)
    const { tenantId } = response.locals
    const { id, run, result } = await findSucceeded(jobs, { tenantId, id: jobIdOf(request) })
    const { output } = result
    const load = () => (output.at === "blob" ? loadBlob(blobs, { tenantId, id: output.blobId }) : Promise.resolve(asFile(output.value)))
    await sendFile(request, response, { name: `${id}-${run}`, load })
  }
}

function asFile(value: unknown) {
  return { bytes: Buffer.from(JSON.stringify(value)), contentType: "application/json" }
}
