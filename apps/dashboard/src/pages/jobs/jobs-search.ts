import type { JobFilters } from "@sluice/client"
import { errorTypes, type JobStatus, jobStatuses, qualities, tierNames } from "@sluice/core"
import { stringsOf } from "../../app/strings-of.ts"

/** The filters as the address has them. */
export interface JobsSearch {
  /** Separated by commas. */
  readonly status?: string | undefined
  readonly route?: string | undefined
  readonly errorType?: string | undefined
  readonly tier?: string | undefined
  readonly quality?: string | undefined
  /** How far back. */
  readonly since?: string | undefined
  readonly batchId?: string | undefined
  /** `key=value`. */
  readonly metadata?: string | undefined
}

export const jobsFilterNames = ["status", "route", "errorType", "tier", "quality", "since", "batchId", "metadata"] as const

const minuteMs = 60_000
export const sinceChoices = {
  "15m": { label: "15 minutes", ms: 15 * minuteMs },
  "1h": { label: "hour", ms: 60 * minuteMs },
  "24h": { label: "24 hours", ms: 1_440 * minuteMs },
  "7d": { label: "7 days", ms: 10_080 * minuteMs },
} as const

export function jobsSearch(search: Record<string, unknown>): JobsSearch {
  return stringsOf(search, jobsFilterNames)
}

export function statusesOf({ status = "" }: JobsSearch): readonly JobStatus[] {
  return jobStatuses.filter((one) => status.split(",").includes(one))
}

/** The search with a status added, or taken away where it was chosen. All of them are the same as none. */
export function withStatusToggled(search: JobsSearch, status: JobStatus): string | undefined {
  const chosen = new Set(statusesOf(search))
  if (!chosen.delete(status)) chosen.add(status)
  const isNoFilter = chosen.size === 0 || chosen.size === jobStatuses.length
  return isNoFilter ? undefined : jobStatuses.filter((one) => chosen.has(one)).join(",")
}

/** What the API is asked for. What an address says that it cannot mean is left out. */
export function filtersOf(search: JobsSearch, now: number): JobFilters {
  const { route, batchId, since, metadata } = search
  const span = Object.entries(sinceChoices).find(([name]) => name === since)?.[1]
  const [key, value] = /^([^=]+)=(.*)$/.exec(metadata ?? "")?.slice(1) ?? []
  return {
    status: statusesOf(search),
    route,
    batchId,
    errorType: errorTypes.find((one) => one === search.errorType),
    tier: tierNames.find((one) => one === search.tier),
    quality: qualities.find((one) => one === search.quality),
    createdAfter: span && new Date(now - span.ms).toISOString(),
    metadata: key === undefined || value === undefined ? undefined : { [key]: value },
  }
}
