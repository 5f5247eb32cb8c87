import type { AlertResource, ChannelTestResource } from "@sluice/core"
import { type CallOptions, listResource, type PageQuery } from "../paging/list-resource.ts"
import type { Listing } from "../paging/listing.ts"
import type { Transport } from "../transport/transport.ts"

export interface AlertFilters extends PageQuery {
  readonly state?: AlertResource["state"] | undefined
  /** The rule's name. */
  readonly rule?: string | undefined
  /** That were not over by then; ISO 8601. */
  readonly since?: string | undefined
}

export interface Alerts {
  /** What fires, is about to, and is over; newest first. */
  list(filters?: AlertFilters, options?: CallOptions): Listing<AlertResource>
  /** No reminders for so long. */
  mute(id: string, options: { readonly forMs: number } & CallOptions): Promise<AlertResource>
  /** Sends a test to a channel, and says whether it was taken. */
  testChannel(name: string, options?: CallOptions): Promise<ChannelTestResource>
}

export function createAlerts(transport: Transport): Alerts {
  return {
    list: (filters = {}, { signal } = {}) => listResource(transport, { path: "/v1/alerts", query: { ...filters }, signal }),
    mute: (id, { forMs, signal }) =>
      transport.json({
        method: "POST",
        path: `/v1/alerts/${encodeURIComponent(id)}/mute`,
        body: { forMs },
        repeatable: "safely",
        signal,
      }),
    testChannel: (name, { signal } = {}) =>
      transport.json({ method: "POST", path: `/v1/alert-channels/${encodeURIComponent(name)}/test`, signal }),
  }
}
