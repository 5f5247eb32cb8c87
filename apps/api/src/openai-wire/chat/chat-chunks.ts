import { type BlobStore, chatOutput, isFinal, type Job, type JobStore } from "@sluice/core"
import type { StreamedEvent } from "@sluice/engine"
import type { OpenAI } from "openai"
import { errorOfJob, unfinished } from "../errors/error-of-job.ts"
import { outputOf } from "../jobs/output-of.ts"
import { provenanceMetadata } from "../jobs/provenance.ts"
import { textOfEvents } from "../streams/text-of-events.ts"
import { completionId, finishReasonOf, presentToolCall, presentUsage, secondsOf } from "./chat-completion.ts"

type Chunk = OpenAI.ChatCompletionChunk & { readonly metadata?: Readonly<Record<string, string>> }
type Delta = OpenAI.ChatCompletionChunk.Choice.Delta

export interface ChunksOptions {
  readonly job: Job
  readonly events: AsyncIterable<StreamedEvent>
  readonly jobs: Pick<JobStore, "find">
  readonly blobs: BlobStore
  /** What the caller called the model: said until it is known who answers. */
  readonly model: string
  readonly includesUsage: boolean
  readonly hasKey: boolean
}

/**
 * The answer of a job as OpenAI's chunks, while it is being written. Tools' calls come whole, at the end. Throws the job's error, and
 * `stream_interrupted` when another endpoint began the answer anew with other words: what was told cannot be taken back on this wire.
 */
export async function* chatChunks(options: ChunksOptions): AsyncGenerator<Chunk> {
  const { job, events, model, includesUsage } = options
  const base = { id: completionId(job), object: "chat.completion.chunk", created: secondsOf(job.createdAt), model } as const
  const usage = includesUsage ? { usage: null } : {}
  const chunk = (delta: Delta): Chunk => ({ ...base, choices: [{ index: 0, delta, finish_reason: null }], ...usage })
  let isBegun = false
  const begin = (): Delta => (isBegun ? {} : { role: "assistant", refusal: null })
  for await (const text of textOfEvents(events, { job, hasKey: options.hasKey })) {
    yield chunk({ ...begin(), content: text })
    isBegun = true
  }
  const ended = await options.jobs.find(job)
  if (ended === null || !isFinal(ended)) throw unfinished({ job: ended ?? job, hasKey: options.hasKey })
  if (ended.status !== "succeeded") throw errorOfJob(ended)
  const { toolCalls, finishReason } = await outputOf(chatOutput, { job: ended, blobs: options.blobs })
  if (toolCalls.length > 0 || !isBegun) {
    yield chunk({
      ...begin(),
      ...(toolCalls.length > 0 && { tool_calls: toolCalls.map((call, index) => ({ index, ...presentToolCall(call) })) }),
    })
  }
  const served = { ...base, model: ended.result.provenance.served.model ?? model }
  yield {
    ...served,
    choices: [{ index: 0, delta: {}, finish_reason: finishReasonOf(finishReason) }],
    ...usage,
    metadata: provenanceMetadata(ended),
  }
  if (includesUsage) yield { ...served, choices: [], usage: ended.result.usage && presentUsage(ended.result.usage) }
}
