import type { UsageReports } from "@sluice/core"

export type SpentOn = (account: { readonly tenantId: string; readonly day: Date }) => Promise<number>

export interface SpentOnOptions {
  readonly reports: Pick<UsageReports, "sum">
}

/**
 * What a tenant has spent on a day by the books, in 10^-12 USD. Calls on its own credentials cost the platform nothing. What has
 * not been accounted yet, a second's worth or so, is not in it.
 */
export function createSpentOn({ reports }: SpentOnOptions): SpentOn {
  return async ({ tenantId, day }) => {
    const [total] = await reports.sum({ filter: { tenantId, credential: "platform", from: day, to: day }, by: [], limit: 1 })
    return total?.figures.costPicoUsd ?? 0
  }
}
