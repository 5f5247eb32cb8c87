import type { BudgetExhausted } from "@sluice/engine"
import { Problem } from "./problem.ts"

/** 402 until the next day. */
export function budgetExhausted({ message, retryAfterMs }: BudgetExhausted): Problem {
  return new Problem({ code: "budget_exhausted", detail: message, headers: { "Retry-After": String(Math.ceil(retryAfterMs / 1_000)) } })
}
