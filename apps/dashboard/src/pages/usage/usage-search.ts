import { stringsOf } from "../../app/strings-of.ts"

/** What sums may be told apart by, beside the day, in words. */
export const dimensions = {
  route: "Route",
  model: "Model",
  endpoint: "Endpoint",
  provider: "Provider",
  tier: "Tier",
  status: "Outcome",
  credential: "Contract",
  tenant: "Tenant",
} as const
export type Dimension = keyof typeof dimensions

export const spans = { "7": "7 days", "30": "30 days", "90": "90 days" } as const

export interface UsageSearch {
  readonly by?: string | undefined
  readonly days?: string | undefined
  readonly route?: string | undefined
}

export function usageSearch(search: Record<string, unknown>): UsageSearch {
  return stringsOf(search, ["by", "days", "route"])
}

const isDimension = (text: string): text is Dimension => Object.hasOwn(dimensions, text)

export function dimensionOf({ by = "" }: UsageSearch): Dimension {
  return isDimension(by) ? by : "route"
}

const dayMs = 86_400_000

/** The first and the last day, UTC; today is the last. */
export function daysOf({ days = "" }: UsageSearch, now: number): { readonly from: string; readonly to: string } {
  const count = Object.hasOwn(spans, days) ? Number(days) : 30
  const day = (ms: number) => new Date(ms).toISOString().slice(0, "2026-11-29".length)
  return { from: day(now - (count - 1) * dayMs), to: day(now) }
}
