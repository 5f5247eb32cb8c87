import type { AccountableJob, AccountedCounts } from "../usage/usage-of-job.ts"
import type { UsageDimensions, UsageGrain, UsageRow } from "../usage/usage-row.ts"

export interface AccountedJob extends AccountedCounts {
  readonly id: string
}

/**
 * The page under way: which jobs it accounts, and what the rows are afterwards. Pages are numbered without gaps, and the next one
 * is opened only when this one is closed, so there is never more than one.
 */
export interface UsagePage {
  readonly number: number
  readonly isClosed: boolean
  readonly jobs: readonly AccountedJob[]
  readonly rows: readonly UsageRow[]
}

/**
 * Derives usage from the jobs. Every method may be repeated, and done by several processes at the same time: what has been done
 * already, or belongs to a page before the present one, changes nothing. All reject with `StorageUnavailableError` when the
 * database does not answer in time.
 */
export interface UsageLedger {
  /** The last page; number 0 and closed when there was none. */
  page(): Promise<UsagePage>
  /** Jobs with calls or ends that no page has, whose write was the longest ago first. */
  findUnaccounted(request: { readonly limit: number }): Promise<readonly AccountableJob[]>
  /** The rows with these ids, as far as they exist. */
  findRows(ids: readonly string[]): Promise<readonly UsageRow[]>
  /** Only if the page before is closed and this number has not been taken; else false. */
  openPage(page: Omit<UsagePage, "isClosed">): Promise<boolean>
  /** Sets the rows as the page says, but for those that a later page has set. */
  writeRows(page: Pick<UsagePage, "number" | "rows">): Promise<void>
  /** Notes how many calls and ends of each job are in the rows by now, unless a later page has. */
  markAccounted(page: Pick<UsagePage, "number" | "jobs">): Promise<void>
  closePage(page: Pick<UsagePage, "number">): Promise<void>
}

/** What a sum may be told apart by. */
export const usageGroupings = ["day", "tenant", "route", "endpoint", "provider", "model", "tier", "status", "credential"] as const
export type UsageGrouping = (typeof usageGroupings)[number]

export interface UsageFilter {
  readonly tenantId?: string | undefined
  readonly route?: string | undefined
  readonly endpoint?: string | undefined
  readonly model?: string | undefined
  readonly credential?: UsageDimensions["credential"] | undefined
  /** The beginning of the first and of the last day, UTC. */
  readonly from: Date
  readonly to: Date
}

/** By grouping; those that were not asked for are not there. `day` is `YYYY-MM-DD`. */
export type UsageGroup = Readonly<Partial<Record<UsageGrouping, string | null>>>

export interface UsageSum {
  readonly group: UsageGroup
  readonly figures: UsageRow["figures"]
}

export interface UsageReports {
  /** Sums of the rows of days, in the order of their groups; at most `limit`. */
  sum(request: {
    readonly filter: UsageFilter
    readonly by: readonly UsageGrouping[]
    readonly limit: number
  }): Promise<readonly UsageSum[]>
  /** Rows of a finer grain from `from` on, of a tenant or of `allTenants`. */
  buckets(request: {
    readonly grain: Exclude<UsageGrain, "day">
    readonly tenantId: string
    readonly route: string | null
    readonly from: Date
  }): Promise<readonly UsageRow[]>
  /** Since when something waits to be accounted; null when nothing does. */
  unaccountedSince(): Promise<Date | null>
  /** Removes rows of a grain finer than a day: those of each tenant, or those of all together. */
  removeBuckets(request: {
    readonly grain: Exclude<UsageGrain, "day">
    readonly of: "tenants" | "all"
    readonly before: Date
  }): Promise<void>
}
