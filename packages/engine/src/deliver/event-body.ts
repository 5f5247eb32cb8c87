import { type Job, type OpenaiEventType, presentJob, type WebhookEvent } from "@sluice/core"

/** Above it the output is left out and linked: Standard Webhooks asks for payloads below 20 kB. */
const maxBodyBytes = 20_000

export interface EventToSend {
  readonly id: string
  readonly type: string
  readonly at: Date
  readonly data: object
}

/** The body of a webhook, to be signed and sent as it is. */
export function eventBody({ id, type, at, data }: EventToSend): string {
  const event = { id, type, timestamp: at.toISOString(), apiVersion: "1", data } satisfies Omit<WebhookEvent, "data"> & { data: object }
  return JSON.stringify(event)
}

/** The body for an event of a job: the job without its input, as it is now. */
export function jobEventBody(job: Job, event: Omit<EventToSend, "data">): string {
  const data = presentJob(job)
  const body = eventBody({ ...event, data })
  if (data.output === null || Buffer.byteLength(body) <= maxBodyBytes) return body
  return eventBody({ ...event, data: { ...data, output: null, outputUrl: `${data.links.self}/output` } })
}

/** What happened to what, in OpenAI's words. */
export interface OpenaiEvent {
  readonly type: OpenaiEventType
  /** Of the response or the batch, for the receiver to ask for. */
  readonly objectId: string
}

/** The body of an event as OpenAI sends it: it names what happened, and no more. */
export function openaiEventBody({ type, objectId }: OpenaiEvent, { id, at }: Pick<EventToSend, "id" | "at">): string {
  return JSON.stringify({ id, object: "event", created_at: Math.floor(at.getTime() / 1_000), type, data: { id: objectId } })
}
