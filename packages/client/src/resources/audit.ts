import type { AuditEntryResource } from "@sluice/core"
import { type CallOptions, listResource, type PageQuery } from "../paging/list-resource.ts"
import type { Listing } from "../paging/listing.ts"
import type { Transport } from "../transport/transport.ts"

export interface AuditFilters extends PageQuery {
  /** The key that did it. */
  readonly actor?: string | undefined
  /** E.g. `replay.create`. */
  readonly action?: string | undefined
  /** What it was done to. */
  readonly target?: string | undefined
}

export interface Audit {
  /** What operators did, newest first. */
  list(filters?: AuditFilters, options?: CallOptions): Listing<AuditEntryResource>
}

export function createAudit(transport: Transport): Audit {
  return { list: (filters = {}, { signal } = {}) => listResource(transport, { path: "/v1/audit", query: { ...filters }, signal }) }
}
