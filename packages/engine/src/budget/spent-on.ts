import type { UsageReports } from "@sluice/core"
import type { AccountUsage } from "../usage/account-usage.ts"

export type SpentOn = (account: { readonly tenantId: string; readonly day: Date }) => Promise<number>

export interface SpentOnOptions {
  readonly reports: Pick<UsageReports, "sum">
  /** Left out: what has not been accounted yet, some seconds' worth, is not in it. */
  readonly accountUsage?: AccountUsage
}

/** What a tenant has spent on a day by the books, in 10^-12 USD. Calls on its own credentials cost the platform nothing. */
export function createSpentOn({ reports, accountUsage = accountNothing }: SpentOnOptions): SpentOn {
  return async ({ tenantId, day }) => {
    await accountUsage()
    const [total] = await reports.sum({ filter: { tenantId, credential: "platform", from: day, to: day }, by: [], limit: 1 })
    return total?.figures.costPicoUsd ?? 0
  }
}

const accountNothing: AccountUsage = () => Promise.resolve({ jobs: 0 })
