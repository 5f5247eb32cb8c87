import { z } from "zod"
import { jsonObject, timestamp } from "./scalars.ts"

/** Sent by `POST /v1/webhook-endpoints/{id}/test`, to that endpoint only, whatever it asked for. */
export const testEventType = "webhook.test"

export const webhookEvent = z
  .strictObject({
    id: z.string(),
    type: z.string(),
    timestamp,
    apiVersion: z.literal("1"),
    data: jsonObject.describe("A job without its input, as it was when the event arose; for other events what they are about."),
  })
  .meta({
    id: "WebhookEvent",
    description:
      "The body of every webhook. Its `id` is also the header `webhook-id`, the same at each try: receivers drop what they have seen.",
  })
export type WebhookEvent = z.infer<typeof webhookEvent>

/** Whether a subscription takes an event. */
export function takesEvent(subscription: readonly string[], type: string): boolean {
  return subscription.includes(type) || (type.startsWith("endpoint.") && subscription.includes("endpoint.*"))
}
