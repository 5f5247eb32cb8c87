import { addTo, noCount, type RecentCount, recentSum } from "../limiter/recent-count.ts"

/**
 * How many of a route's calls may be repetitions, so that retries never become the larger part of what hits a provider in
 * trouble: a fifth of the first calls of the last five to ten seconds, and three at once in any case (Finagle's RetryBudget
 * for the share, Envoy's `min_retry_concurrency` for the rest).
 */
export interface RetryBudget {
  /** By slots of five seconds. */
  readonly calls: RecentCount
  readonly retries: RecentCount
}

export const freshRetryBudget: RetryBudget = { calls: noCount, retries: noCount }

const slotMs = 5_000
const callsPerRetry = 5
const retriesAtOnce = 3

/** `inFlight` is asked only when the share is used up. */
export function mayRetry(budget: RetryBudget, options: { readonly nowMs: number; readonly inFlight: () => number }): boolean {
  const slot = Math.floor(options.nowMs / slotMs)
  return recentSum(budget.retries, slot) * callsPerRetry < recentSum(budget.calls, slot) || options.inFlight() < retriesAtOnce
}

export function countCall(budget: RetryBudget, options: { readonly isRetry: boolean; readonly nowMs: number }): RetryBudget {
  const slot = Math.floor(options.nowMs / slotMs)
  return options.isRetry ? { ...budget, retries: addTo(budget.retries, slot, 1) } : { ...budget, calls: addTo(budget.calls, slot, 1) }
}
