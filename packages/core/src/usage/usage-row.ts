import type { TierName } from "../contract/job-resource.ts"
import { addFigures, type Figures } from "./figures.ts"

/** `day` rows are the account of what was used, and stay; the others serve to draw the last days, and go. */
export const usageGrains = ["day", "hour", "minute"] as const
export type UsageGrain = (typeof usageGrains)[number]

/** In the rows of a grain finer than a day: all tenants together. No tenant has this name. */
export const allTenants = "*"

/** In the rows of a grain finer than a day: calls to providers by endpoint, of all tenants. No tenant has this name. */
export const allCalls = "*calls"

/** In those rows of calls: whatever the route. No route has this name. */
export const allRoutes = "*"

/** In the rows of days: what the installation itself asks for, such as canaries. No tenant has this name. */
export const platformTenant = "*platform"

export type UsageStatus = "succeeded" | "failed" | "cancelled" | "expired"

/** Whose contract with a provider a call was made on. What a tenant's own credential is used for costs the platform nothing. */
export type CredentialOwner = "platform" | "tenant"

/** What calls and ends of jobs are counted by. Null: not known, or there is none. Rows of finer grains have `route` alone, or `endpoint` alone. */
export interface UsageDimensions {
  readonly tenantId: string
  readonly route: string
  readonly endpoint: string | null
  readonly provider: string | null
  readonly model: string | null
  readonly tier: TierName | null
  /** How the call ended, or the job. */
  readonly status: UsageStatus | null
  readonly credential: CredentialOwner
}

export interface UsageRow extends UsageDimensions {
  readonly grain: UsageGrain
  /** The beginning of the day, hour or minute, UTC. */
  readonly at: Date
  readonly figures: Figures
}

/** The same for the same time and dimensions, whoever makes the row. */
export function usageRowId({ grain, at, ...row }: Omit<UsageRow, "figures">): string {
  const { tenantId, route, endpoint, provider, model, tier, status, credential } = row
  return JSON.stringify([grain, at.toISOString(), tenantId, route, endpoint, provider, model, tier, status, credential])
}

/** Rows of the same id become one. */
export function mergeUsageRows(rows: Iterable<UsageRow>): Map<string, UsageRow> {
  const merged = new Map<string, UsageRow>()
  for (const row of rows) {
    const id = usageRowId(row)
    const before = merged.get(id)
    merged.set(id, before ? { ...before, figures: addFigures(before.figures, row.figures) } : row)
  }
  return merged
}
