import { type SpendAccount, type SpendGate, type SpendLimit, type SpendState, toUsd } from "@sluice/core"
import type { SpentOn } from "./spent-on.ts"

export interface BudgetObserver {
  /** Most of a tenant's budget of the day is used up. Told once a day, and again when the budget was changed. */
  budgetNearlyUsed(event: { readonly tenantId: string; readonly day: string; readonly spentUsd: number; readonly budgetUsd: number }): void
  /** The gate could not be asked, or told what a call cost; it learns of that from the books. */
  budgetFailed(error: unknown): void
}

export interface DayBooksOptions {
  readonly gate: SpendGate
  readonly spentOn: SpentOn
  readonly observer: BudgetObserver
}

type Account = SpendAccount & SpendLimit

/** What a process knows of tenants' days, and how it opens them in a gate that knows nothing. */
export interface DayBooks {
  readonly known: KnownSpending
  /** Notes what the gate says was spent, and warns if it is time. */
  tell(account: Account, state: SpendState): void
  /** Tells the gate what MongoDB knows; one at a time for each day, whoever asks. */
  openOnce(account: Account): Promise<void>
}

export function createDayBooks({ gate, spentOn, observer }: DayBooksOptions): DayBooks {
  const known = createKnownSpending()
  const opening = new Map<string, Promise<void>>()

  function tell(account: Account, state: SpendState): void {
    known.note(account, state.spentPicoUsd)
    if (state.isNearlyUsed) observer.budgetNearlyUsed(nearlyUsed(account, state))
  }
  async function open({ tenantId, day, budgetPicoUsd }: Account): Promise<void> {
    const account = { tenantId, day, budgetPicoUsd }
    tell(account, await gate.raise({ ...account, spentPicoUsd: await spentOn({ tenantId, day }) }))
  }
  return {
    known,
    tell,
    openOnce(account) {
      const key = `${account.tenantId} ${account.day.getTime()}`
      const underWay = opening.get(key) ?? open(account).finally(() => opening.delete(key))
      opening.set(key, underWay)
      return underWay
    },
  }
}

function nearlyUsed({ tenantId, day, budgetPicoUsd }: Account, { spentPicoUsd }: SpendState) {
  return { tenantId, day: day.toISOString().slice(0, 10), spentUsd: toUsd(spentPicoUsd), budgetUsd: toUsd(budgetPicoUsd) }
}

interface KnownSpending {
  /** At least so much was spent on that day. */
  spent(account: SpendAccount): number
  note(account: SpendAccount, spentPicoUsd: number): void
}

/** What this process was told last, of each tenant's latest day. */
function createKnownSpending(): KnownSpending {
  const known = new Map<string, { readonly dayMs: number; readonly spentPicoUsd: number }>()
  return {
    spent({ tenantId, day }) {
      const last = known.get(tenantId)
      return last?.dayMs === day.getTime() ? last.spentPicoUsd : 0
    },
    note({ tenantId, day }, spentPicoUsd) {
      const last = known.get(tenantId)
      if (last && last.dayMs > day.getTime()) return
      const before = last?.dayMs === day.getTime() ? last.spentPicoUsd : 0
      known.set(tenantId, { dayMs: day.getTime(), spentPicoUsd: Math.max(before, spentPicoUsd) })
    },
  }
}
