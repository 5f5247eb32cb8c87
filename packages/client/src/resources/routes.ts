import type { DrillRequest, DrillResource, RouteResource } from "@sluice/core"
import { type CallOptions, listResource } from "../paging/list-resource.ts"
import type { Listing } from "../paging/listing.ts"
import type { Transport } from "../transport/transport.ts"

export interface Routes {
  list(options?: CallOptions): Listing<RouteResource>
  /** Its jobs wait from now on; what runs goes on. */
  pause(name: string, options?: CallOptions): Promise<RouteResource>
  resume(name: string, options?: CallOptions): Promise<RouteResource>
  /** Submits one job for each tier, which that tier alone may answer, by the input given or the route's canary. */
  drill(name: string, request?: DrillRequest, options?: CallOptions): Promise<DrillResource>
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
    drill: (name, request = {}, { signal } = {}) =>
      transport.json({ method: "POST", path: `/v1/routes/${encodeURIComponent(name)}/drill`, body: request, signal }),
  }
}
