import { type BlobStore, chatOutput, type Job, type JobStore } from "@sluice/core"
import type { CancelJob, Catalog, JobWaiter, RemoveJob, StreamJob, SubmitJob } from "@sluice/engine"
import type { Request, RequestHandler, Response } from "express"
import { z } from "zod"
import { assertNoQuery, parseQuery, readQuery } from "../../queries/read-query.ts"
import { sendJson } from "../../responses/send-json.ts"
import { goneSignal } from "../../routes/jobs/gone-signal.ts"
import { awaitResult } from "../jobs/await-result.ts"
import { outputOf } from "../jobs/output-of.ts"
import { jobHeaders } from "../jobs/provenance.ts"
import { submitOpenaiJob } from "../jobs/submit-openai-job.ts"
import { eventsOfJob } from "../streams/events-of-job.ts"
import { type OpenaiStreamOptions, sendOpenaiStream } from "../streams/send-openai-stream.ts"
import { createLoadConversation } from "./load-conversation.ts"
import { presentResponse } from "./present-response.ts"
import { responseEvents } from "./response-events.ts"
import { responseJobIdOf, responseNotFound } from "./response-id.ts"
import { marksOf } from "./response-marks.ts"
import { translateResponse } from "./translate-response.ts"

export interface ResponseHandlerDependencies {
  /** The configuration as it is at the moment. */
  readonly catalog: () => Catalog
  readonly submitJob: SubmitJob
  readonly cancelJob: CancelJob
  readonly removeJob: RemoveJob
  readonly jobWaiter: JobWaiter
  readonly streamJob: StreamJob
  readonly jobs: JobStore
  readonly blobs: BlobStore
  readonly eventStream?: OpenaiStreamOptions
}

/**
 * `POST /openai/v1/responses`: a job, which is waited for, told while it is under way, or with `background` left to itself. What is
 * background and what is not runs the same way: a caller that leaves ends neither.
 */
export function createResponseHandler(dependencies: ResponseHandlerDependencies): RequestHandler {
  const { catalog, submitJob, jobWaiter, jobs, blobs } = dependencies
  return async function handleCreateResponse(request, response) {
    assertNoQuery(request.url)
    const load = createLoadConversation({ jobs, blobs, tenantId: response.locals.tenantId })
    const translated = await translateResponse(request.body, { catalog: catalog(), load })
    const submitted = await submitOpenaiJob(submitJob, { request, response }, translated)
    const { stream, background } = translated.request
    if (stream === true) return await streamResponse(dependencies, response, { ...submitted, startingAfter: -1 })
    if (background === true) return await sendResponse(response, { job: submitted.job, blobs })
    await sendResponse(response, { job: await awaitResult(jobWaiter, { request, response }, submitted), blobs })
  }
}

const getQuery = z.strictObject({
  stream: z.enum(["true", "false"]).optional(),
  starting_after: z.coerce.number().int().nonnegative().optional(),
  include_obfuscation: z.enum(["false"]).optional(),
})

/** `GET /openai/v1/responses/{id}`: whatever became of it; `?stream=true&starting_after=N` goes on with its events after number N. */
export function getResponseHandler(dependencies: ResponseHandlerDependencies): RequestHandler {
  return async function handleGetResponse(request, response) {
    const { stream, starting_after: startingAfter = -1 } = parseQuery(getQuery, readQuery(request.url))
    const job = await findResponse(dependencies.jobs, { request, response })
    if (stream === "true") return await streamResponse(dependencies, response, { job, hasKey: false, startingAfter })
    await sendResponse(response, { job, blobs: dependencies.blobs })
  }
}

/** `POST /openai/v1/responses/{id}/cancel`: the response as it is then; one that had ended before stays as it was. */
export function cancelResponseHandler({ jobs, cancelJob, blobs }: ResponseHandlerDependencies): RequestHandler {
  return async function handleCancelResponse(request, response) {
    assertNoQuery(request.url)
    const { id, tenantId } = await findResponse(jobs, { request, response })
    const outcome = await cancelJob({ id, tenantId })
    if (outcome.kind === "missing") throw responseNotFound()
    await sendResponse(response, { job: outcome.job, blobs })
  }
}

/** The response that the path names. A job that was submitted as something else is none. */
export async function findResponse(
  jobs: Pick<JobStore, "find">,
  { request, response }: { readonly request: Request; readonly response: Response },
): Promise<Job> {
  const job = await jobs.find({ tenantId: response.locals.tenantId, id: responseJobIdOf(request) })
  if (job === null || marksOf(job) === null) throw responseNotFound()
  return job
}

async function sendResponse(response: Response, { job, blobs }: { readonly job: Job; readonly blobs: BlobStore }): Promise<void> {
  const output = job.status === "succeeded" ? await outputOf(chatOutput, { job, blobs }) : null
  response.set(jobHeaders(job))
  response.setHeader("Cache-Control", "no-store")
  sendJson(response, { status: 200, body: presentResponse(job, { output }) })
}

interface StreamedResponse {
  readonly job: Job
  readonly hasKey: boolean
  readonly startingAfter: number
}

async function streamResponse(
  { streamJob, jobs, blobs, eventStream }: ResponseHandlerDependencies,
  response: Response,
  { job, hasKey, startingAfter }: StreamedResponse,
): Promise<void> {
  response.setHeader("x-sluice-job-id", job.id)
  response.setHeader("x-sluice-route", job.route)
  const events = await eventsOfJob(streamJob, { job, signal: goneSignal(response) })
  await sendOpenaiStream(response, blocksOf(responseEvents({ job, events, jobs, blobs, startingAfter, hasKey })), eventStream)
}

async function* blocksOf(events: ReturnType<typeof responseEvents>): AsyncGenerator<string> {
  for await (const event of events) yield `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`
}
