import type { AccountedJob, UsageRow } from "@sluice/core"

/** The collection's name. */
export const usageCollection = "usage"
/** Holds the one page under way. */
export const usagePagesCollection = "usagePages"

export interface UsageDocument extends UsageRow {
  readonly _id: string
  /** Which page set it last. */
  readonly page: number
}

export interface UsagePageDocument {
  readonly _id: "current"
  readonly number: number
  readonly isClosed: boolean
  /** Who opened it: by this a process whose write had an unknown outcome recognises it. */
  readonly by?: string
  readonly jobs: readonly AccountedJob[]
  readonly rows: readonly UsageRow[]
}

export function toUsageRow({ _id, page: _page, ...row }: UsageDocument): UsageRow {
  return row
}
