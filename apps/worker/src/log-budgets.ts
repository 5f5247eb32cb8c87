import type { BudgetObserver } from "@sluice/engine"
import type { Logger } from "@sluice/runtime"

/** Tells an operator of budgets that are nearly used up. */
export function logBudgets(logger: Logger): BudgetObserver {
  return {
    budgetNearlyUsed(event) {
      const advice = `tenant ${event.tenantId} has spent 80 % of today's budget; its jobs wait for the next day once it is used up`
      logger.warn({ ...event, alert: true }, advice)
    },
    budgetFailed(error) {
      logger.warn({ err: error }, "a budget could not be asked or told")
    },
  }
}
