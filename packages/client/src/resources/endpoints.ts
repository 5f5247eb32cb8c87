import type { EndpointResource } from "@sluice/core"
import { type CallOptions, listResource } from "../paging/list-resource.ts"
import type { Listing } from "../paging/listing.ts"
import type { Transport } from "../transport/transport.ts"

export interface Endpoints {
  list(options?: CallOptions): Listing<EndpointResource>
  /** An operator's word over the breaker's; `auto` gives it back to the breaker. Resolves with the endpoint as it is then. */
  force(name: string, state: "open" | "closed" | "auto", options?: CallOptions): Promise<EndpointResource>
}

export function createEndpoints(transport: Transport): Endpoints {
  return {
    list: ({ signal } = {}) => listResource(transport, { path: "/v1/endpoints", query: {}, signal }),
    force: (name, state, { signal } = {}) =>
      transport.json({
        method: "POST",
        path: `/v1/endpoints/${encodeURIComponent(name)}/breaker`,
        body: { state },
        repeatable: "safely",
        signal,
      }),
  }
}
