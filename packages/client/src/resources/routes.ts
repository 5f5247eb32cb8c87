import type { RouteResource } from "@sluice/core"
import { type CallOptions, listResource } from "../paging/list-resource.ts"
import type { Listing } from "../paging/listing.ts"
import type { Transport } from "../transport/transport.ts"

export interface Routes {
  list(options?: CallOptions): Listing<RouteResource>
  /** Its jobs wait from now on; what runs goes on. */
  pause(name: string, options?: CallOptions): Promise<RouteResource>
  resume(name: string, options?: CallOptions): Promise<RouteResource>
}

export function createRoutes(transport: Transport): Routes {
  const act =
    (action: "pause" | "resume") =>
    (name: string, { signal }: CallOptions = {}): Promise<RouteResource> =>
      transport.json({ method: "POST", path: `/v1/routes/${encodeURIComponent(name)}/${action}`, repeatable: "safely", signal })
  return {
    list: ({ signal } = {}) => listResource(transport, { path: "/v1/routes", query: {}, signal }),
    pause: act("pause"),
    resume: act("resume"),
  }
}
