import { type BlobStore, type ChatOutput, chatOutput, type FinalJob, isFinal, type Job, type JobEventOf, type JobStore } from "@sluice/core"
import type { StreamedEvent } from "@sluice/engine"
import type { OpenAI } from "openai"
import { unfinished } from "../errors/error-of-job.ts"
import { outputOf } from "../jobs/output-of.ts"
import { messageId, presentFunctionCall, presentMessage, presentText } from "./present-output.ts"
import { type PresentedResponse, presentResponse } from "./present-response.ts"
import { inText, opening, textBase } from "./sequence-numbers.ts"

type WireEvent = OpenAI.Responses.ResponseStreamEvent
/** Lifecycle events carry a response as it travels. */
type Lifecycle = {
  readonly type: `response.${"created" | "queued" | "in_progress" | "completed" | "failed" | "incomplete"}`
  readonly response: PresentedResponse
  readonly sequence_number: number
}
export type ResponseEvent = Exclude<WireEvent, { response: unknown }> | Lifecycle

export interface ResponseEventsOptions {
  readonly job: Job
  readonly events: AsyncIterable<StreamedEvent>
  readonly jobs: Pick<JobStore, "find">
  readonly blobs: BlobStore
  /** The number of the last event that the reader has; -1: it begins. */
  readonly startingAfter: number
  readonly hasKey: boolean
}

/** The message that is being written. */
interface Writing {
  readonly itemId: string
  readonly outputIndex: number
  /** The number of its first event. */
  readonly base: number
  text: string
}

/**
 * A job as the events of a response. Their numbers follow from the text, not from how it came in pieces, so that any process can go on
 * after any number. When another endpoint begins the answer anew, its message is closed as incomplete and a new one is opened; the
 * response at the end has the one that counts.
 */
export async function* responseEvents(options: ResponseEventsOptions): AsyncGenerator<ResponseEvent> {
  const { startingAfter } = options
  for await (const event of allEvents(options)) {
    if (event.sequence_number > startingAfter) yield withoutKnown(event, startingAfter)
  }
}

/** A reader may have the beginning of a piece, if it came in smaller ones then. */
function withoutKnown(event: ResponseEvent, startingAfter: number): ResponseEvent {
  if (event.type !== "response.output_text.delta") return event
  const known = event.delta.length - (event.sequence_number - startingAfter)
  return known > 0 ? { ...event, delta: event.delta.slice(known) } : event
}

async function* allEvents({ job, events, jobs, blobs, startingAfter, hasKey }: ResponseEventsOptions): AsyncGenerator<ResponseEvent> {
  yield* openingEvents(job)
  let writing: Writing | null = null
  for await (const { event } of events) {
    if (event.type === "output.reset" && writing) yield abandoned(writing)
    if (event.type !== "output.delta") continue
    if (!writing || event.offset === 0) {
      writing = begin(job, { event, before: writing })
      yield* begun(writing)
    }
    writing.text += event.text
    yield delta(writing, event.text)
  }
  const ended = await jobs.find(job)
  if (ended === null || !isFinal(ended)) throw unfinished({ job: ended ?? job, hasKey })
  yield* endingEvents(ended, { writing, blobs, startingAfter })
}

function* openingEvents(job: Job): Generator<ResponseEvent> {
  const response: PresentedResponse = { ...presentResponse(job, { output: null }), status: "queued", completed_at: null, error: null }
  yield { type: "response.created", sequence_number: opening.created, response }
  yield { type: "response.queued", sequence_number: opening.queued, response }
  yield { type: "response.in_progress", sequence_number: opening.inProgress, response: { ...response, status: "in_progress" } }
}

function begin(job: Job, { event, before }: { readonly event: JobEventOf<"output.delta">; readonly before: Writing | null }): Writing {
  const outputIndex = before ? before.outputIndex + 1 : 0
  const itemId = outputIndex === 0 ? messageId(job) : `${messageId(job)}_${outputIndex + 1}`
  return { itemId, outputIndex, base: textBase(event.attempt), text: "" }
}

function* begun({ itemId, outputIndex, base }: Pick<Writing, "itemId" | "outputIndex" | "base">): Generator<ResponseEvent> {
  const item = presentMessage(itemId, { text: null, status: "in_progress" })
  yield { type: "response.output_item.added", sequence_number: base, output_index: outputIndex, item }
  const place = { item_id: itemId, output_index: outputIndex, content_index: 0 }
  yield { type: "response.content_part.added", sequence_number: base + 1, ...place, part: presentText("") }
}

function delta({ itemId, outputIndex, base, text }: Writing, added: string): ResponseEvent {
  const place = { item_id: itemId, output_index: outputIndex, content_index: 0 }
  return { type: "response.output_text.delta", sequence_number: inText(base, text.length), ...place, delta: added, logprobs: [] }
}

function abandoned({ itemId, outputIndex, base, text }: Writing): ResponseEvent {
  const item = presentMessage(itemId, { text, status: "incomplete" })
  return { type: "response.output_item.done", sequence_number: inText(base, text.length) + 1, output_index: outputIndex, item }
}

interface Ending {
  readonly writing: Writing | null
  readonly blobs: BlobStore
  readonly startingAfter: number
}

async function* endingEvents(job: FinalJob, { writing, blobs, startingAfter }: Ending): AsyncGenerator<ResponseEvent> {
  const output = job.status === "succeeded" ? await outputOf(chatOutput, { job, blobs }) : null
  let number = writing ? inText(writing.base, writing.text.length) : opening.inProgress
  for (const event of output ? restOf(job, { output, writing }) : []) {
    number += 1
    yield { ...event, sequence_number: number }
  }
  const response = presentResponse(job, { output })
  // Whatever a reader has been told by another process, the end is news.
  yield { type: endType(response), sequence_number: Math.max(number, startingAfter) + 1, response }
}

/** There is no event of its own for what was cancelled; the response says it. */
function endType({ status }: PresentedResponse): "response.completed" | "response.incomplete" | "response.failed" {
  if (status === "completed") return "response.completed"
  return status === "incomplete" ? "response.incomplete" : "response.failed"
}

function* restOf(
  job: Job,
  { output, writing }: { readonly output: ChatOutput; readonly writing: Writing | null },
): Generator<ResponseEvent> {
  const { text, toolCalls } = output
  const unnumbered = { sequence_number: 0 }
  let outputIndex = writing?.outputIndex ?? 0
  if (writing || text !== "" || toolCalls.length === 0) {
    const itemId = writing?.itemId ?? messageId(job)
    if (!writing) yield* begun({ itemId, outputIndex, base: 0 })
    const place = { item_id: itemId, output_index: outputIndex, content_index: 0 }
    yield { type: "response.output_text.done", ...unnumbered, ...place, text, logprobs: [] }
    yield { type: "response.content_part.done", ...unnumbered, ...place, part: presentText(text) }
    const item = presentMessage(itemId, { text, status: output.finishReason === "length" ? "incomplete" : "completed" })
    yield { type: "response.output_item.done", ...unnumbered, output_index: outputIndex, item }
    outputIndex += 1
  }
  for (const [index, call] of toolCalls.entries()) {
    yield* callEvents(job, { call, index, outputIndex: outputIndex + index })
  }
}

function* callEvents(
  job: Job,
  { call, index, outputIndex }: { readonly call: ChatOutput["toolCalls"][number]; readonly index: number; readonly outputIndex: number },
): Generator<ResponseEvent> {
  const item = presentFunctionCall(job, { call, index, status: "completed" })
  const place = { output_index: outputIndex, sequence_number: 0 }
  yield { type: "response.output_item.added", ...place, item: { ...item, arguments: "", status: "in_progress" } }
  yield { type: "response.function_call_arguments.delta", ...place, item_id: item.id, delta: call.arguments }
  yield { type: "response.function_call_arguments.done", ...place, item_id: item.id, arguments: call.arguments }
  yield { type: "response.output_item.done", ...place, item }
}
