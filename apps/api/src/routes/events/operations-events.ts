import type { OperationsEvent } from "@sluice/core"
import type { OperationsFeed } from "@sluice/engine"
import type { RequestHandler } from "express"
import { assertNoQuery } from "../../queries/read-query.ts"
import { type EventStreamOptions, type SentEvent, sendEvents } from "../../responses/event-stream.ts"
import { goneSignal } from "../jobs/gone-signal.ts"

export interface OperationsEventsHandlerDependencies {
  readonly operationsFeed: OperationsFeed
  readonly eventStream?: EventStreamOptions
}

/** `GET /v1/events`: what changes in the running system, as server-sent events, for as long as the reader stays. */
export function operationsEventsHandler({ operationsFeed, eventStream }: OperationsEventsHandlerDependencies): RequestHandler {
  return async function handleOperationsEvents(request, response) {
    assertNoQuery(request.url)
    // Who asks for the head alone would never get it otherwise.
    const signal = request.method === "HEAD" ? AbortSignal.abort() : goneSignal(response)
    await sendEvents(response, sentEvents(operationsFeed.follow(signal)), eventStream)
  }
}

/** Each says how everything is, so nobody needs to go on after a certain one: the ids are times. */
async function* sentEvents(events: AsyncIterable<OperationsEvent>): AsyncGenerator<SentEvent> {
  for await (const event of events) yield { id: event.at, type: event.type, data: event }
}
