import { type BlobStore, chatOutput, type JobStore } from "@sluice/core"
import type { Catalog, JobWaiter, StreamJob, SubmitJob } from "@sluice/engine"
import type { Request, RequestHandler, Response } from "express"
import { assertNoQuery } from "../../queries/read-query.ts"
import { sendJson } from "../../responses/send-json.ts"
import { sendResource } from "../../responses/send-resource.ts"
import { findSucceeded } from "../../routes/jobs/find-job.ts"
import { goneSignal } from "../../routes/jobs/gone-signal.ts"
import { openaiNotFound } from "../errors/openai-not-found.ts"
import { awaitResult } from "../jobs/await-result.ts"
import { outputOf } from "../jobs/output-of.ts"
import { jobHeaders } from "../jobs/provenance.ts"
import { type Submitted, submitOpenaiJob } from "../jobs/submit-openai-job.ts"
import { eventsOfJob } from "../streams/events-of-job.ts"
import { type OpenaiStreamOptions, sendOpenaiStream } from "../streams/send-openai-stream.ts"
import { chatChunks } from "./chat-chunks.ts"
import { jobIdOfCompletion, presentCompletion } from "./chat-completion.ts"
import { type TranslatedChat, translateChat } from "./translate-chat.ts"

export interface ChatHandlerDependencies {
  /** The configuration as it is at the moment. */
  readonly catalog: () => Catalog
  readonly submitJob: SubmitJob
  readonly jobWaiter: JobWaiter
  readonly streamJob: StreamJob
  readonly jobs: JobStore
  readonly blobs: BlobStore
  readonly eventStream?: OpenaiStreamOptions
}

/** `POST /openai/v1/chat/completions`: a job, whose answer is waited for, or told while it is being written. */
export function createChatCompletionHandler(dependencies: ChatHandlerDependencies): RequestHandler {
  const { catalog, submitJob, jobWaiter, blobs } = dependencies
  return async function handleCreateChatCompletion(request, response) {
    assertNoQuery(request.url)
    const translated = translateChat(request.body, catalog())
    const submitted = await submitOpenaiJob(submitJob, { request, response }, translated)
    if (translated.request.stream === true) return await streamAnswer(dependencies, response, { ...submitted, translated })
    const job = await awaitResult(jobWaiter, { request, response }, submitted)
    const output = await outputOf(chatOutput, { job, blobs })
    sendJson(response, { status: 200, body: presentCompletion(job, { output, model: translated.request.model }) })
  }
}

/** `GET /openai/v1/chat/completions/{id}`: the answer of a call that has ended, also one that its caller did not stay for. */
export function getChatCompletionHandler({ jobs, blobs }: ChatHandlerDependencies): RequestHandler {
  return async function handleGetChatCompletion(request, response) {
    assertNoQuery(request.url)
    const job = await findSucceeded(jobs, { tenantId: response.locals.tenantId, id: jobIdOf(request) })
    if (job.work.kind !== "chat") throw openaiNotFound("There is no such chat completion, or the key may not see it.")
    response.set(jobHeaders(job))
    sendResource(request, response, presentCompletion(job, { output: await outputOf(chatOutput, { job, blobs }), model: job.route }))
  }
}

function jobIdOf({ params: { id } }: Request): string {
  const jobId = typeof id === "string" ? jobIdOfCompletion(id) : null
  if (jobId === null) throw openaiNotFound("There is no such chat completion, or the key may not see it.")
  return jobId
}

interface StreamedChat extends Submitted {
  readonly translated: TranslatedChat
}

async function streamAnswer(
  { streamJob, jobs, blobs, eventStream }: ChatHandlerDependencies,
  response: Response,
  { job, hasKey, translated: { request } }: StreamedChat,
): Promise<void> {
  const signal = goneSignal(response)
  response.setHeader("x-sluice-route", job.route)
  const events = await eventsOfJob(streamJob, { job, signal })
  const includesUsage = request.stream_options?.include_usage === true
  const chunks = chatChunks({ job, events, jobs, blobs, model: request.model, includesUsage, hasKey })
  await sendOpenaiStream(response, blocksOf(chunks), eventStream)
}

async function* blocksOf(chunks: AsyncIterable<object>): AsyncGenerator<string> {
  for await (const chunk of chunks) yield `data: ${JSON.stringify(chunk)}\n\n`
  yield "data: [DONE]\n\n"
}
