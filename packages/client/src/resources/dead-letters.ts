import type {
  DeadLetterGroups,
  DeadLetterGroupsQuery,
  DeadLetterResource,
  DeadLetterSummary,
  DeadLetterSummaryQuery,
  DiscardDeadLettersRequest,
  ListDeadLettersQuery,
  Metadata,
  ReplayRequest,
  ReplayResource,
} from "@sluice/core"
import { type CallOptions, listResource, type PageQuery } from "../paging/list-resource.ts"
import type { Listing } from "../paging/listing.ts"
import { metadataQuery } from "../paging/metadata-query.ts"
import type { Transport } from "../transport/transport.ts"

type Filters<Query> = { readonly [Name in keyof Query]?: Query[Name] | undefined } & { readonly metadata?: Metadata | undefined }

export type DeadLetterFilters = Filters<Omit<ListDeadLettersQuery, "cursor" | "limit">> & PageQuery
export type DeadLetterGroupsFilters = Filters<DeadLetterGroupsQuery>
export type DeadLetterSummaryFilters = Filters<DeadLetterSummaryQuery>

/** Which dead letters, by `filter` or by `ids`, and how. `perSecond` is 50 unless set. */
export type ReplayOptions = Pick<ReplayRequest, "filter" | "ids" | "overrides"> & Partial<Pick<ReplayRequest, "dryRun" | "perSecond">>

export interface Discarded {
  readonly discarded: number
  /** Why fewer than were asked for. */
  readonly hint: string | null
}

export interface DeadLetters {
  /** Newest first. */
  list(filters?: DeadLetterFilters, options?: CallOptions): Listing<DeadLetterResource>
  get(id: string, options?: CallOptions): Promise<DeadLetterResource>
  /** Counts by cause, the most frequent first; of those that are open unless `state` says otherwise. */
  summary(query?: DeadLetterSummaryFilters, options?: CallOptions): Promise<DeadLetterSummary>
  /** By all that they have in common, with a sample of each and the filter that selects them. */
  groups(query?: DeadLetterGroupsFilters, options?: CallOptions): Promise<DeadLetterGroups>
  /** Starts a replay, which goes on by itself; or with `dryRun` only counts. */
  replay(request: ReplayOptions, options?: CallOptions): Promise<ReplayResource>
  discard(request: DiscardDeadLettersRequest, options?: CallOptions): Promise<Discarded>
}

const path = "/v1/dead-letters"

export function createDeadLetters(transport: Transport): DeadLetters {
  return {
    list: ({ metadata, ...filters } = {}, { signal } = {}) =>
      listResource(transport, { path, query: { ...filters, ...metadataQuery(metadata) }, signal }),
    get: (id, { signal } = {}) => transport.json({ method: "GET", path: `${path}/${encodeURIComponent(id)}`, signal }),
    summary: ({ metadata, ...query } = {}, { signal } = {}) =>
      transport.json({ method: "GET", path: `${path}/summary`, query: { ...query, ...metadataQuery(metadata) }, signal }),
    groups: ({ metadata, ...query } = {}, { signal } = {}) =>
      transport.json({ method: "GET", path: `${path}/groups`, query: { ...query, ...metadataQuery(metadata) }, signal }),
    replay: (request, { signal } = {}) => transport.json({ method: "POST", path: `${path}/replay`, body: request, signal }),
    discard: (request, { signal } = {}) => transport.json({ method: "POST", path: `${path}/discard`, body: request, signal }),
  }
}
