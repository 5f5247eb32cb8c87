import {
  type Attempt,
  type Clock,
  type Endpoint,
  nextDay,
  QueueUnavailableError,
  type SpendCall,
  type SpendLimit,
  StorageUnavailableError,
  startOfGrain,
  type TenantDirectory,
  toPicoUsd,
  type Work,
} from "@sluice/core"
import { createDayBooks, type DayBooksOptions } from "./day-books.ts"
import { mostCostUsd } from "./most-cost.ts"
import { createSpendKeeper } from "./spend-keeper.ts"

export interface BudgetsOptions extends DayBooksOptions {
  readonly tenants: Pick<TenantDirectory, "settingsOf">
  readonly clock: Clock
}

/** One call, for a job or for several of the same tenant. */
export interface BudgetedCall {
  readonly tenantId: string
  /** Unique to the call, and the same when it is asked for again. */
  readonly call: string
  readonly works: readonly Work[]
  /** How often it has been refused before, for the same reason. */
  readonly refusals: number
}

export interface BudgetRefusal {
  readonly kind: "refused"
  readonly reason: "budget" | "retry_backoff"
  readonly endpoint: null
  readonly retryInMs: number
  readonly unavailableSinceMs: null
}

export interface Spending {
  readonly kind: "reserved"
  /** Puts what the call has cost in the place of what it might have. Null: it was not made. Never rejects. */
  settle(attempt: Attempt | null): Promise<void>
}

/** Keeps tenants within what they may spend a day. Tenants without a budget are not held up by anything. */
export interface Budgets {
  /** A refusal that needs no asking: what was spent is not spent less by and by. */
  refusalOf(call: BudgetedCall, pool: readonly Endpoint[]): BudgetRefusal | null
  /** To be asked right before the call. */
  reserve(call: BudgetedCall, endpoint: Endpoint): Promise<Spending | BudgetRefusal>
}

/** For a call on which no budget is spent. */
export const unbudgeted: Budgets = {
  refusalOf: () => null,
  reserve: () => Promise.resolve(freeOfBudget),
}
const freeOfBudget: Spending = { kind: "reserved", settle: () => Promise.resolve() }

const awayMs = 1_000
/** Shorter than a reservation lasts without being renewed. */
const mendAfterMs = 5_000
const firstBusyMs = 1_000
const maxBusyMs = 30_000

export function createBudgets(options: BudgetsOptions): Budgets {
  const { gate, tenants, clock, observer } = options
  const keeper = createSpendKeeper({ gate, onError: observer.budgetFailed })
  const { known, tell, openOnce } = createDayBooks(options)

  function budgetOf(tenantId: string): number | null {
    const { budgetUsdPerDay } = tenants.settingsOf(tenantId)
    return budgetUsdPerDay === undefined ? null : toPicoUsd(budgetUsdPerDay)
  }

  async function ask(request: SpendCall & SpendLimit, refusals: number): Promise<Spending | BudgetRefusal> {
    const first = await gate.reserve(request)
    if (first.kind === "unopened" && first.waitMs > 0) return refusal("budget", first.waitMs)
    if (first.kind === "unopened") await openOnce(request)
    const outcome = first.kind === "unopened" ? await gate.reserve(request) : first
    switch (outcome.kind) {
      case "reserved":
        return spending(request)
      case "exhausted":
        known.note(request, outcome.spentPicoUsd)
        return refusal("budget", untilNextDay(clock()))
      case "busy":
        return refusal("budget", busyMs(refusals))
      case "unopened":
        return refusal("budget", awayMs)
    }
  }

  function spending(request: SpendCall & SpendLimit): Spending {
    const stopKeeping = keeper.keep(request)
    return {
      kind: "reserved",
      async settle(attempt) {
        stopKeeping()
        try {
          for (const settlement of settlementsOf(request, attempt)) tell(settlement, await gate.settle(settlement))
        } catch (error) {
          observer.budgetFailed(error)
          mend(request)
        }
      },
    }
  }

  /** The reservation ends by itself, and what the call cost is in the books by then. */
  function mend(request: SpendCall & SpendLimit): void {
    const again = (error: unknown) => {
      observer.budgetFailed(error)
      mend(request)
    }
    setTimeout(() => void openOnce(request).catch(again), mendAfterMs).unref()
  }

  return {
    refusalOf({ tenantId, works }, pool) {
      const budget = budgetOf(tenantId)
      if (budget === null) return null
      const now = clock()
      const least = Math.min(...pool.map((endpoint) => mostPicoUsdOf(endpoint, works)))
      const isExhausted = known.spent({ tenantId, day: startOfGrain("day", now) }) + least > budget && least > 0
      return isExhausted ? refusal("budget", untilNextDay(now)) : null
    },
    async reserve({ tenantId, call, works, refusals }, endpoint) {
      const budgetPicoUsd = budgetOf(tenantId)
      const mostPicoUsd = mostPicoUsdOf(endpoint, works)
      if (budgetPicoUsd === null || mostPicoUsd === 0) return freeOfBudget
      try {
        return await ask({ tenantId, day: startOfGrain("day", clock()), call, mostPicoUsd, budgetPicoUsd }, refusals)
      } catch (error) {
        if (!(error instanceof QueueUnavailableError || error instanceof StorageUnavailableError)) throw error
        observer.budgetFailed(error)
        return refusal("retry_backoff", awayMs)
      }
    },
  }
}

/** What a call may cost the platform: on the tenant's own key nothing, as in the books. */
function mostPicoUsdOf(endpoint: Endpoint, works: BudgetedCall["works"]): number {
  return endpoint.tenantKey ? 0 : toPicoUsd(mostCostUsd(endpoint, works) ?? 0)
}

/** A call that began after midnight is spent on the new day, as the ledger has it. */
function settlementsOf({ mostPicoUsd: _most, ...request }: SpendCall & SpendLimit, attempt: Attempt | null) {
  const costPicoUsd = toPicoUsd(attempt?.costUsd ?? 0)
  const day = attempt ? startOfGrain("day", attempt.startedAt) : request.day
  if (day.getTime() === request.day.getTime()) return [{ ...request, costPicoUsd }]
  return [
    { ...request, costPicoUsd: 0 },
    { ...request, day, costPicoUsd },
  ]
}

function refusal(reason: BudgetRefusal["reason"], retryInMs: number): BudgetRefusal {
  return { kind: "refused", reason, endpoint: null, retryInMs: Math.ceil(retryInMs), unavailableSinceMs: null }
}

function untilNextDay(now: Date): number {
  return nextDay(now).getTime() - now.getTime()
}

/** Longer each time: many jobs may be waiting for the few calls that still fit. */
function busyMs(refusals: number): number {
  return Math.min(maxBusyMs, firstBusyMs * 2 ** refusals)
}
