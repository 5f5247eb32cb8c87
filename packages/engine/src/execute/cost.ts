import type { Attempt, Cost, Endpoint, Price, Usage, Work } from "@sluice/core"
import { estimateInputTokens } from "./estimate-tokens.ts"

const perMillion = 1_000_000
/** When a caller sets no limit on the output, this much is assumed for the check of `maxCostUsd`. */
const assumedOutputTokens = 1_000

/** What a call cost in USD; null when the endpoint has no price or the provider did not say what it used. */
export function callCostUsd(price: Price | undefined, usage: Usage | null, images = 0): number | null {
  if (!price) return null
  const flat = (price.perCallUsd ?? 0) + (price.perImageUsd ?? 0) * images
  if (!usage) return flat > 0 ? flat : null
  const inputPrice = price.inputPerMillionUsd ?? 0
  const fresh = (usage.inputTokens - usage.cachedInputTokens) * inputPrice
  const cached = usage.cachedInputTokens * (price.cachedInputPerMillionUsd ?? inputPrice)
  const output = usage.outputTokens * (price.outputPerMillionUsd ?? 0)
  return flat + (fresh + cached + output) / perMillion
}

/** What a call may cost at most, as far as one can tell beforehand. 0 when the endpoint has no price. */
export function expectedCostUsd(endpoint: Endpoint, work: Work): number {
  const outputTokens = work.kind === "chat" ? (work.input.maxOutputTokens ?? assumedOutputTokens) : 0
  const usage = { inputTokens: estimateInputTokens(work), cachedInputTokens: 0, outputTokens }
  return callCostUsd(endpoint.price, usage, work.kind === "image" ? (work.input.count ?? 1) : 0) ?? 0
}

/** The least that one more call may cost, and where. */
export function cheapestNextUsd(endpoints: readonly Endpoint[], work: Work): { readonly endpoint: string; readonly usd: number } {
  const costs = endpoints.map((endpoint) => ({ endpoint: endpoint.name, usd: expectedCostUsd(endpoint, work) }))
  return costs.reduce((least, cost) => (cost.usd < least.usd ? cost : least))
}

/** What a run has cost; null when it used something of a model without a known price. */
export function costOf(attempts: readonly Attempt[]): Cost | null {
  return attempts.some(({ costUsd, usage }) => costUsd === null && usage !== null) ? null : totalCost(attempts)
}

/** The sum over a run's attempts. It is an estimate as soon as one of them has no figure, or one by a list price. */
export function totalCost(attempts: readonly Attempt[]): Cost {
  const sum = (list: readonly Attempt[]) => list.reduce((total, { costUsd }) => total + (costUsd ?? 0), 0)
  return {
    usd: sum(attempts),
    failedAttemptsUsd: sum(attempts.filter(({ outcome }) => outcome !== "succeeded")),
    estimated: attempts.some(({ costUsd, isCostEstimated }) => costUsd === null || isCostEstimated),
  }
}
