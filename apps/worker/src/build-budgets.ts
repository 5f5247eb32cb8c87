import type { TenantDirectory } from "@sluice/core"
import { type BudgetObserver, type Budgets, createAccountUsage, createBudgets, createSpentOn } from "@sluice/engine"
import { createSpendGate, type RedisHandle } from "@sluice/redis"
import type { Store } from "@sluice/store"

export interface BudgetParts {
  readonly store: Pick<Store, "usage" | "usageReports">
  readonly redis: RedisHandle
  readonly tenants: TenantDirectory
  readonly observer: BudgetObserver
}

/** The budgets of tenants, gated in Redis, by what MongoDB knows. */
export function buildBudgets({ store, redis, tenants, observer }: BudgetParts): Budgets {
  const accountUsage = createAccountUsage({ ledger: store.usage })
  const spentOn = createSpentOn({ reports: store.usageReports })
  return createBudgets({
    gate: createSpendGate({ redis }),
    async spentOn(account) {
      await accountUsage()
      return await spentOn(account)
    },
    tenants,
    clock: () => new Date(),
    observer,
  })
}
