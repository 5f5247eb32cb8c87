import { type BlobStore, type EmbeddingOutput, embeddingOutput, isObject, type Job } from "@sluice/core"
import type { Catalog, JobWaiter, SubmitJob } from "@sluice/engine"
import type { RequestHandler } from "express"
import type { OpenAI } from "openai"
import { z } from "zod"
import { assertNoQuery } from "../../queries/read-query.ts"
import { sendJson } from "../../responses/send-json.ts"
import { unsupportedParameter } from "../errors/openai-error.ts"
import { awaitResult } from "../jobs/await-result.ts"
import { outputOf } from "../jobs/output-of.ts"
import { provenanceMetadata } from "../jobs/provenance.ts"
import { submitOpenaiJob, type Translated } from "../jobs/submit-openai-job.ts"
import { routeOf } from "../models/resolve-model.ts"
import { openaiMetadata } from "../requests/metadata.ts"
import { parseRequest } from "../requests/parse-request.ts"
import { providerParameters } from "../requests/provider-parameters.ts"
import { sluiceExtension } from "../requests/sluice-extension.ts"
import { toJson } from "../requests/to-json.ts"

const embeddingRequest = z.strictObject({
  model: z.string().min(1),
  input: z.union([z.string().min(1), z.array(z.string().min(1)).min(1).max(2_048)]),
  encoding_format: z.enum(["float", "base64"]).nullish(),
  dimensions: z.int().positive().nullish(),
  user: z.string().nullish(),
  /** Not of OpenAI's wire, which has no metadata here; the job has. */
  metadata: openaiMetadata,
  sluice: sluiceExtension,
})
export type EmbeddingRequest = z.infer<typeof embeddingRequest>

export interface EmbeddingHandlerDependencies {
  readonly catalog: () => Catalog
  readonly submitJob: SubmitJob
  readonly jobWaiter: JobWaiter
  readonly blobs: BlobStore
}

/** `POST /openai/v1/embeddings`. */
export function createEmbeddingHandler({ catalog, submitJob, jobWaiter, blobs }: EmbeddingHandlerDependencies): RequestHandler {
  return async function handleCreateEmbedding(request, response) {
    assertNoQuery(request.url)
    const translated = translateEmbedding(request.body, catalog())
    const job = await awaitResult(jobWaiter, { request, response }, await submitOpenaiJob(submitJob, { request, response }, translated))
    sendJson(response, { status: 200, body: presentEmbeddings(job, await outputOf(embeddingOutput, { job, blobs }), translated.request) })
  }
}

export interface TranslatedEmbedding extends Translated {
  readonly request: EmbeddingRequest
}

/** The body of `POST /embeddings` as a job. */
export function translateEmbedding(body: unknown, catalog: Catalog): TranslatedEmbedding {
  refuseTokens(body)
  const request = parseRequest(embeddingRequest, { body, refusals: {} })
  const { model, input, dimensions, user, metadata, sluice } = request
  const route = routeOf(catalog, { model, kind: "embedding" })
  const texts = typeof input === "string" ? [input] : input
  const options = providerParameters({ user }, { catalog, route })
  return { request, route, input: toJson({ texts, dimensions: dimensions ?? undefined, ...options }), metadata, sluice }
}

function refuseTokens(body: unknown): void {
  if (!isObject(body) || !Array.isArray(body.input) || body.input.every((text) => typeof text === "string")) return
  throw unsupportedParameter("input", "input has to be text, or an array of texts: which tokens a number means depends on the endpoint.")
}

/** `embedding` is text where base64 was asked for, which the clients unpack by themselves. */
interface PresentedEmbeddings extends Omit<OpenAI.CreateEmbeddingResponse, "data"> {
  readonly data: readonly (Omit<OpenAI.Embedding, "embedding"> & { readonly embedding: number[] | string })[]
  readonly metadata: Readonly<Record<string, string>>
}

/** The vectors of a finished job as `POST /embeddings` answers them. */
export function presentEmbeddings(
  job: Extract<Job, { status: "succeeded" }>,
  { embeddings }: EmbeddingOutput,
  { model, encoding_format: format }: Pick<EmbeddingRequest, "model" | "encoding_format">,
): PresentedEmbeddings {
  const { usage, provenance } = job.result
  const tokens = usage?.inputTokens ?? 0
  return {
    object: "list",
    data: embeddings.map((vector, index) => ({ object: "embedding", index, embedding: format === "base64" ? toBase64(vector) : vector })),
    model: provenance.served.model ?? model,
    usage: { prompt_tokens: tokens, total_tokens: tokens },
    metadata: { ...job.metadata, ...provenanceMetadata(job) },
  }
}

/** Little-endian single precision, as OpenAI packs them. */
function toBase64(vector: readonly number[]): string {
  const view = new DataView(new ArrayBuffer(vector.length * 4))
  for (const [index, value] of vector.entries()) view.setFloat32(index * 4, value, true)
  return Buffer.from(view.buffer).toString("base64")
}
