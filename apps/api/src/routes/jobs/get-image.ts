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

/** `GET /v1/jobs/{id}/images/{n}`: the bytes of one generated image, counted from 0. */
export function getImageHandler({ jobs, blobs }: GetImageHandlerDependencies): RequestHandler {
  return async function handleGetImage(request, response) {
    assertNoQuery(request.url)
    const { tenantId } = response.locals
    const index = imageIndexOf(request.params.n)
    const job = await findSucceeded(jobs, { tenantId, id: jobIdOf(request) })
    const id = imageBlobId(job, index)
    await sendFile(request, response, { name: id, load: () => loadBlob(blobs, { tenantId, id }) })
  }
}

function imageIndexOf(text: string | string[] | undefined): number {
  if (typeof text !== "string" || !/^(?:0|[1-9]\d{0,3})$/.test(text)) throw nothingHere()
  return Number(text)
}
