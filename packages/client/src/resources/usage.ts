import type {
  EndpointStatsQuery,
  EndpointStatsResource,
  SloQuery,
  SloResource,
  StatsQuery,
  StatsResource,
  UsageQuery,
  UsageResource,
} from "@sluice/core"
import type { CallOptions } from "../paging/list-resource.ts"
import type { Transport } from "../transport/transport.ts"

export type UsageFilters = { readonly [Name in Exclude<keyof UsageQuery, "format">]?: UsageQuery[Name] | undefined }
export type SloFilters = { readonly [Name in keyof SloQuery]?: SloQuery[Name] | undefined }
export type StatsFilters = { readonly [Name in keyof StatsQuery]?: StatsQuery[Name] | undefined }

export interface Usage {
  /** What was used and what it cost, by what `groupBy` names; the last 30 days unless said otherwise. */
  report(filters?: UsageFilters, options?: CallOptions): Promise<UsageResource>
  /** How jobs fared of late, step by step; the last hour unless said otherwise. */
  stats(filters?: StatsFilters, options?: CallOptions): Promise<StatsResource>
  /** How calls to each endpoint fared of late: classes of error, latencies. For operators. */
  endpointStats(filters?: Partial<EndpointStatsQuery>, options?: CallOptions): Promise<EndpointStatsResource>
  /** How the objectives are kept, and how much may still go wrong; over the last day unless said otherwise. */
  objectives(filters?: SloFilters, options?: CallOptions): Promise<SloResource>
}

export function createUsage(transport: Transport): Usage {
  return {
    report: (filters = {}, { signal } = {}) => transport.json({ method: "GET", path: "/v1/usage", query: { ...filters }, signal }),
    stats: (filters = {}, { signal } = {}) => transport.json({ method: "GET", path: "/v1/stats", query: { ...filters }, signal }),
    endpointStats: (filters = {}, { signal } = {}) =>
      transport.json({ method: "GET", path: "/v1/stats/endpoints", query: { ...filters }, signal }),
    objectives: (filters = {}, { signal } = {}) => transport.json({ method: "GET", path: "/v1/slo", query: { ...filters }, signal }),
  }
}
