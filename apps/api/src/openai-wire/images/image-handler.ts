import { type BlobStore, type ImageOutput, imageOutput } from "@sluice/core"
import { type Catalog, imageBlobId, type JobTokens, type JobWaiter, type SubmitJob } from "@sluice/engine"
import type { Request, RequestHandler } from "express"
import type { OpenAI } from "openai"
import { assertNoQuery } from "../../queries/read-query.ts"
import { sendJson } from "../../responses/send-json.ts"
import { loadBlob } from "../../routes/jobs/load-blob.ts"
import { secondsOf } from "../chat/chat-completion.ts"
import { awaitResult } from "../jobs/await-result.ts"
import { outputOf } from "../jobs/output-of.ts"
import { provenanceMetadata } from "../jobs/provenance.ts"
import { submitOpenaiJob } from "../jobs/submit-openai-job.ts"
import { translateImage } from "./translate-image.ts"

export interface ImageHandlerDependencies {
  readonly catalog: () => Catalog
  readonly submitJob: SubmitJob
  readonly jobWaiter: JobWaiter
  readonly blobs: BlobStore
  readonly jobTokens: Pick<JobTokens, "issue">
}

type SucceededJob = Awaited<ReturnType<typeof awaitResult>>

/**
 * `POST /openai/v1/images/generations`. Without a `response_format` each image comes both as bytes and as a link, since OpenAI's
 * models differ in which of them is the default.
 */
export function createImageHandler({ catalog, submitJob, jobWaiter, blobs, jobTokens }: ImageHandlerDependencies): RequestHandler {
  return async function handleCreateImage(request, response) {
    assertNoQuery(request.url)
    const translated = translateImage(request.body, catalog())
    const job = await awaitResult(jobWaiter, { request, response }, await submitOpenaiJob(submitJob, { request, response }, translated))
    const { images } = await outputOf(imageOutput, { job, blobs })
    const format = translated.request.response_format ?? "both"
    const data = await Promise.all(
      images.map(async (image) => ({
        ...(format !== "url" && { b64_json: await base64Of(image, { job, blobs }) }),
        ...(format !== "b64_json" && { url: linkTo(image, { job, jobTokens, request }) }),
      })),
    )
    const body: OpenAI.ImagesResponse & { metadata: object } = {
      created: secondsOf(job.finishedAt),
      data,
      metadata: { ...job.metadata, ...provenanceMetadata(job) },
    }
    sendJson(response, { status: 200, body })
  }
}

type Image = ImageOutput["images"][number]

async function base64Of({ url }: Image, { job, blobs }: { readonly job: SucceededJob; readonly blobs: BlobStore }): Promise<string> {
  const { bytes } = await loadBlob(blobs, { tenantId: job.tenantId, id: imageBlobId(job, nameIn(url)) })
  return Buffer.from(bytes).toString("base64")
}

function nameIn(url: string): string {
  return url.slice(url.lastIndexOf("/") + 1)
}

/** Whoever has the link may load it, as with OpenAI's, until its token ends: a quarter of an hour. */
function linkTo(
  { url }: Image,
  { job, jobTokens, request }: { readonly job: SucceededJob; readonly jobTokens: Pick<JobTokens, "issue">; readonly request: Request },
): string {
  const { text } = jobTokens.issue({ tenantId: job.tenantId, jobId: job.id })
  return `${request.protocol}://${request.get("host") ?? "localhost"}${url}?token=${encodeURIComponent(text)}`
}
