import type { ReplayResource } from "@sluice/core"
import { type CallOptions, listResource, type PageQuery } from "../paging/list-resource.ts"
import type { Listing } from "../paging/listing.ts"
import type { Transport } from "../transport/transport.ts"

export interface Replays {
  /** Newest first. */
  list(query?: PageQuery, options?: CallOptions): Listing<ReplayResource>
  get(id: string, options?: CallOptions): Promise<ReplayResource>
  /** It starts no more runs; those that it started go on. */
  cancel(id: string, options?: CallOptions): Promise<ReplayResource>
}

export function createReplays(transport: Transport): Replays {
  const pathOf = (id: string) => `/v1/replays/${encodeURIComponent(id)}`
  return {
    list: (query = {}, { signal } = {}) => listResource(transport, { path: "/v1/replays", query: { ...query }, signal }),
    get: (id, { signal } = {}) => transport.json({ method: "GET", path: pathOf(id), signal }),
    cancel: (id, { signal } = {}) => transport.json({ method: "POST", path: `${pathOf(id)}/cancel`, repeatable: "safely", signal }),
  }
}
