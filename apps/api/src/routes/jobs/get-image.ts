import type { BlobStore, JobStore } from "@sluice/core"
import { imageBlobId } from "@sluice/engine"
import type { RequestHandler } from "express"
import { nothingHere } from "../../problems/problem-of.ts"
import { assertNoQuery } from "../../queries/read-query.ts"
import { sendFile } from "../../responses/send-file.ts"
import { findSucceeded, jobIdOf } from "./find-job.ts"
import { loadBlob } from "./load-blob.ts"

export interface GetImageHandlerDependencies {
  readonly jobs: JobStore
  readonly blobs: BlobStore
}

/** `GET /v1/jobs/{id}/images/{name}`: the bytes of one generated image; the job's output has its URL. */
export function getImageHandler({ jobs, blobs }: GetImageHandlerDependencies): RequestHandler {
  return async function handleGetImage(request, response) {
    assertNoQuery(request.url)
    const { tenantId } = response.locals
    const name = imageNameOf(request.params.name)
    const job = await findSucceeded(jobs, { tenantId, id: jobIdOf(request) })
    const id = imageBlobId(job, name)
    await sendFile(request, response, { name: id, load: () => loadBlob(blobs, { tenantId, id }) })
  }
}

/** The run, the token of the claim, and the image's place in the answer. */
function imageNameOf(text: string | string[] | undefined): string {
  if (typeof text !== "string" || !/^[1-9]\d{0,8}-[\w-]{1,64}-\d{1,4}$/.test(text)) throw nothingHere()
  return text
}
