import type { Clock, Delivery, WebhookEndpointStore } from "@sluice/core"
import type { Receiver } from "./receiver.ts"

/** How far ahead requests to an endpoint with a rate limit are booked. */
export const bookingHorizonMs = 1_000

export interface StartTimesRequest {
  readonly endpoints: Pick<WebhookEndpointStore, "bookSends">
  readonly clock: Clock
  readonly deliveries: readonly Delivery[]
  readonly receiver: Receiver
}

/** When each delivery of a lane may start. Fewer times than deliveries: the rate limit leaves no more for now. */
export async function startTimes({ endpoints, clock, deliveries, receiver }: StartTimesRequest): Promise<readonly Date[]> {
  const now = clock()
  const endpoint = receiver.kind === "reachable" ? receiver.endpoint : null
  if (!endpoint || endpoint.rateLimitPerSecond === null) return deliveries.map(() => now)
  const intervalMs = 1_000 / endpoint.rateLimitPerSecond
  return await endpoints.bookSends({ id: endpoint.id, at: now, count: deliveries.length, intervalMs, horizonMs: bookingHorizonMs })
}
