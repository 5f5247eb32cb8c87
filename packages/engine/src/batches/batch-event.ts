import { type Batch, openaiEventOfBatch, presentBatch } from "@sluice/core"
import { derivedEventId } from "../deliver/derived-event-id.ts"
import type { RaisedEvent } from "../deliver/fan-out.ts"

const batchEventType = "batch.completed"

/** The one event of a batch. Its id follows from the batch, so that raising it again makes no second one. */
export function batchEvent(batch: Batch & { readonly completedAt: Date }): RaisedEvent {
  const { id, tenantId, completedAt, webhook, traceparent, requestId } = batch
  const openaiType = openaiEventOfBatch(batch)
  const openai = openaiType && { type: openaiType, objectId: id }
  const event = { tenantId, type: batchEventType, at: completedAt, about: [id], data: presentBatch(batch) }
  return { ...event, openai, ownWebhook: webhook, origin: { traceparent, requestId } }
}

export function batchEventId({ id, completedAt }: { readonly id: string; readonly completedAt: Date }): string {
  return derivedEventId({ at: completedAt, about: [batchEventType, id] })
}
