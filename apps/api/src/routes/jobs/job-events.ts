import type { StreamedEvent, StreamJob } from "@sluice/engine"
import type { RequestHandler } from "express"
import { lastEventOf } from "../../headers/last-event-id.ts"
import { type EventStreamOptions, type SentEvent, sendEvents } from "../../responses/event-stream.ts"
import { jobIdOf, jobNotFound } from "./find-job.ts"
import { goneSignal } from "./gone-signal.ts"

export interface JobEventsHandlerDependencies {
  readonly streamJob: StreamJob
  readonly eventStream?: EventStreamOptions
}

/**
 * `GET /v1/jobs/{id}/events`: what becomes of the job, as server-sent events, up to the end of its run. 204 for a reader that has
 * been told the end: an EventSource then comes back no more.
 */
export function jobEventsHandler({ streamJob, eventStream }: JobEventsHandlerDependencies): RequestHandler {
  return async function handleJobEvents(request, response) {
    const after = lastEventOf(request)
    // Who asks for the head alone would get it at the end of the job otherwise.
    const signal = request.method === "HEAD" ? AbortSignal.abort() : goneSignal(response)
    const outcome = await streamJob({ tenantId: response.locals.tenantId, id: jobIdOf(request), after, signal })
    switch (outcome.kind) {
      case "missing":
        throw jobNotFound()
      case "over":
        response.status(204).end()
        return
      case "events":
        await sendEvents(response, sentEvents(outcome.events), eventStream)
    }
  }
}

async function* sentEvents(events: AsyncIterable<StreamedEvent>): AsyncGenerator<SentEvent> {
  for await (const { id, event } of events) yield { id, type: event.type, data: event }
}
