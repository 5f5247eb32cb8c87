import { type BlobStore, chatOutput, embeddingOutput, type Job } from "@sluice/core"
import type { Catalog } from "@sluice/engine"
import { presentCompletion } from "../chat/chat-completion.ts"
import { translateChat } from "../chat/translate-chat.ts"
import { presentEmbeddings, translateEmbedding } from "../embeddings/embedding-handler.ts"
import { unsupportedParameter } from "../errors/openai-error.ts"
import { outputOf } from "../jobs/output-of.ts"
import type { Translated } from "../jobs/submit-openai-job.ts"
import { presentResponse } from "../responses/present-response.ts"
import { type LoadConversation, translateResponse } from "../responses/translate-response.ts"

type SucceededJob = Extract<Job, { status: "succeeded" }>

export interface TranslationContext {
  readonly catalog: Catalog
  readonly load: LoadConversation
}

/** A call that a batch may be made of. */
interface BatchEndpoint {
  translate(body: unknown, context: TranslationContext): Promise<Translated>
  /** What the call would have answered. The job was read without its input. */
  present(job: SucceededJob, blobs: BlobStore): Promise<unknown>
}

export const batchEndpoints = {
  "/v1/chat/completions": {
    async translate(body, { catalog }) {
      const translated = translateChat(body, catalog)
      if (translated.request.stream === true) throw nothingToStream()
      return await Promise.resolve(translated)
    },
    present: async (job, blobs) => presentCompletion(job, { output: await outputOf(chatOutput, { job, blobs }), model: job.route }),
  },
  "/v1/embeddings": {
    translate: (body, { catalog }) => Promise.resolve(translateEmbedding(body, catalog)),
    present: async (job, blobs) =>
      presentEmbeddings(job, await outputOf(embeddingOutput, { job, blobs }), { model: job.route, encoding_format: "float" }),
  },
  "/v1/responses": {
    async translate(body, context) {
      const translated = await translateResponse(body, context)
      if (translated.request.stream === true) throw nothingToStream()
      return translated
    },
    present: async (job, blobs) => presentResponse(job, { output: await outputOf(chatOutput, { job, blobs }), isInputRead: false }),
  },
} as const satisfies Record<string, BatchEndpoint>

export type BatchUrl = keyof typeof batchEndpoints
export const batchUrls = ["/v1/chat/completions", "/v1/embeddings", "/v1/responses"] as const satisfies readonly BatchUrl[]

export function isBatchUrl(url: string | undefined): url is BatchUrl {
  return url !== undefined && Object.hasOwn(batchEndpoints, url)
}

function nothingToStream() {
  return unsupportedParameter("stream", "stream is not supported in a batch, whose answers are read at its end.")
}
