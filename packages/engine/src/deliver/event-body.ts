import { type Job, type JobResource, type OutboxEvent, presentJob, type WebhookEvent } from "@sluice/core"

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

/**
 * The body for an event of the outbox. Of a run that was replayed before its event was fanned out nothing is left but its
 * event: what that says is told, and nothing of the run after it.
 */
export function outboxEventBody(job: Job, event: OutboxEvent): string {
  const isOfThisRun = job.run === event.run && `job.${job.status}` === event.type
  return isOfThisRun ? jobEventBody(job, event) : eventBody({ ...event, data: dataOfEarlierRun(job, event) })
}

const statusOf = { "job.succeeded": "succeeded", "job.failed": "failed", "job.cancelled": "cancelled", "job.expired": "expired" } as const

function dataOfEarlierRun(job: Job, event: OutboxEvent): JobResource {
  return {
    ...presentJob(job),
    status: statusOf[event.type],
    run: event.run,
    waiting: null,
    startedAt: null,
    finishedAt: event.at.toISOString(),
    cancelRequestedAt: null,
    output: null,
    outputUrl: null,
    provenance: null,
    usage: null,
    cost: null,
    error: null,
    deadLetterId: null,
  }
}
