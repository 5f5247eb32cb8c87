import type { QueueResource } from "@sluice/core"
import { type CallOptions, listResource } from "../paging/list-resource.ts"
import type { Listing } from "../paging/listing.ts"
import type { Transport } from "../transport/transport.ts"

export interface Queues {
  list(options?: CallOptions): Listing<QueueResource>
  /** Workers finish what they have, and fetch nothing. */
  pause(name: string, options?: CallOptions): Promise<QueueResource>
  resume(name: string, options?: CallOptions): Promise<QueueResource>
}

export function createQueues(transport: Transport): Queues {
  const act =
    (action: "pause" | "resume") =>
    (name: string, { signal }: CallOptions = {}): Promise<QueueResource> =>
      transport.json({ method: "POST", path: `/v1/queues/${encodeURIComponent(name)}/${action}`, repeatable: "safely", signal })
  return {
    list: ({ signal } = {}) => listResource(transport, { path: "/v1/queues", query: {}, signal }),
    pause: act("pause"),
    resume: act("resume"),
  }
}
