import { type Clock, type Endpoint, nextDay, type QueuedJob, startOfGrain, type TenantDirectory, toPicoUsd, toUsd } from "@sluice/core"
import type { Catalog } from "../catalog.ts"
import { mostCostUsd } from "./most-cost.ts"
import type { SpentOn } from "./spent-on.ts"

/** Why a job is not accepted: today's budget does not cover any call for it. */
export interface BudgetExhausted {
  readonly kind: "budget_exhausted"
  readonly message: string
  /** Until the next day, UTC. */
  readonly retryAfterMs: number
}

export type CheckBudget = (job: QueuedJob) => Promise<BudgetExhausted | null>

export interface CheckBudgetOptions {
  readonly spentOn: SpentOn
  readonly tenants: Pick<TenantDirectory, "settingsOf">
  readonly catalog: () => Pick<Catalog, "routes" | "endpoints">
  readonly clock: Clock
}

/** For so long a figure is good enough: what was accepted by an old one waits. */
const freshForMs = 1_000

/** Whether a new job can be afforded today; one that is to run later is taken whatever today has cost. */
export function createCheckBudget({ spentOn, tenants, catalog, clock }: CheckBudgetOptions): CheckBudget {
  const spentToday = rememberFor(freshForMs, clock, spentOn)
  return async ({ tenantId, route, options, work }) => {
    const { budgetUsdPerDay } = tenants.settingsOf(tenantId)
    if (budgetUsdPerDay === undefined) return null
    const now = clock()
    if (options.runAt !== null && options.runAt >= nextDay(now)) return null
    const costs = providersOf(route, catalog()).map((endpoint) => mostCostUsd(endpoint, [work]))
    if (costs.length === 0 || costs.includes(null)) return null
    const leastUsd = Math.min(...costs.map((cost) => cost ?? 0))
    const spentPicoUsd = await spentToday({ tenantId, day: startOfGrain("day", now) })
    if (leastUsd === 0 || spentPicoUsd + toPicoUsd(leastUsd) <= toPicoUsd(budgetUsdPerDay)) return null
    return {
      kind: "budget_exhausted",
      message: explain({ budgetUsdPerDay, spentPicoUsd, leastUsd }),
      retryAfterMs: nextDay(now).getTime() - now.getTime(),
    }
  }
}

function providersOf(route: string, { routes, endpoints }: Pick<Catalog, "routes" | "endpoints">): readonly Endpoint[] {
  return (routes[route]?.tiers ?? []).flatMap((tier) =>
    "endpoints" in tier ? tier.endpoints.flatMap((name) => endpoints.get(name) ?? []) : [],
  )
}

function explain(options: { readonly budgetUsdPerDay: number; readonly spentPicoUsd: number; readonly leastUsd: number }): string {
  const { budgetUsdPerDay, spentPicoUsd, leastUsd } = options
  const spent = `$${round(toUsd(spentPicoUsd))} of today's $${budgetUsdPerDay} are spent`
  if (leastUsd > budgetUsdPerDay) {
    return `A call for this job may cost $${round(leastUsd)}, more than the tenant's budget of $${budgetUsdPerDay} a day. Set a lower maxOutputTokens, or have the budget raised.`
  }
  return `${spent}, and a call for this job may cost $${round(leastUsd)}. The budget starts anew at midnight UTC, or when an operator raises it.`
}

function round(usd: number): number {
  return Number(usd.toPrecision(4))
}

/** Asks once for all who ask within a time. */
function rememberFor(ms: number, clock: Clock, ask: SpentOn): SpentOn {
  const answers = new Map<string, { readonly atMs: number; readonly answer: Promise<number> }>()
  return (account) => {
    const known = answers.get(account.tenantId)
    const nowMs = clock().getTime()
    if (known && nowMs - known.atMs < ms) return known.answer
    const answer = ask(account)
    answers.set(account.tenantId, { atMs: nowMs, answer })
    answer.catch(() => answers.delete(account.tenantId))
    return answer
  }
}
