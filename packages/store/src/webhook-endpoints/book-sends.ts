import type { WebhookEndpointStore } from "@sluice/core"
import type { Document } from "mongodb"
import type { WebhookEndpointContext } from "./webhook-endpoint-context.ts"

type Booking = Parameters<WebhookEndpointStore["bookSends"]>[0]

/** The endpoint's document is the shared clock. A booking repeated after an unknown outcome wastes its slots, no more. */
export function bookSends({ toEndpoints, operations }: WebhookEndpointContext): WebhookEndpointStore["bookSends"] {
  return (booking) =>
    operations.run(`booking for ${booking.id}`, async () => {
      const booked = await toEndpoints((endpoints) =>
        endpoints.findOneAndUpdate({ _id: booking.id }, advance(booking), { returnDocument: "after" }),
      )
      const { bookedFromMs = 0, bookedCount = 0 } = booked ?? {}
      return Array.from({ length: bookedCount }, (_, index) => new Date(bookedFromMs + index * booking.intervalMs))
    })
}

/** A pipeline, so that reading the next free time and moving it on is one step. */
function advance({ at, count, intervalMs, horizonMs }: Booking): Document[] {
  const nowMs = at.getTime()
  const fitting = { $add: [1, { $floor: { $divide: [{ $subtract: [nowMs + horizonMs, "$bookedFromMs"] }, intervalMs] } }] }
  return [
    { $set: { bookedFromMs: { $max: [{ $ifNull: ["$nextSendMs", 0] }, nowMs] } } },
    { $set: { bookedCount: { $max: [0, { $min: [count, fitting] }] } } },
    { $set: { nextSendMs: { $add: ["$bookedFromMs", { $multiply: ["$bookedCount", intervalMs] }] } } },
  ]
}
