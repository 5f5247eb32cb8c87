import { type Endpoint, type SettleRequest, traitsOf } from "@sluice/core"
import type { CallOutcome } from "./call-endpoint.ts"

export type Settlement = Omit<SettleRequest, "lease" | "route" | "endpoint" | "pool" | "generation" | "version">

/** What admission has to know of a call that has ended. */
export function settlementOf({ outcome, endpoint, tokens }: { outcome: CallOutcome; endpoint: Endpoint; tokens: number }): Settlement {
  const { attempt } = outcome
  const error = outcome.kind === "failed" ? outcome.error : null
  const used = attempt.usage ?? error?.usage ?? null
  const base = { latencyMs: attempt.durationMs, tokensReserved: tokens, tokensUsed: used ? used.inputTokens + used.outputTokens : null }
  return { ...base, ...healthOf(outcome), ...(endpoint.limits === "off" ? nothingLearned : lessonsOf(outcome)) }
}

/** What the call says about the endpoint's and its credential's health. */
function healthOf(outcome: CallOutcome): Pick<Settlement, "outcome" | "disable"> {
  if (outcome.kind === "answered") return { outcome: "success", disable: null }
  if (outcome.kind !== "failed") return { outcome: "ignore", disable: null }
  const { type } = outcome.error
  const disable = type === "provider_auth" ? "credential" : type === "provider_quota" ? "quota" : null
  return { outcome: traitsOf(type).countsForBreaker ? "failure" : "ignore", disable }
}

type Lessons = Pick<Settlement, "throttled" | "retryAfterMs" | "reported">

const nothingLearned: Lessons = { throttled: false, retryAfterMs: null, reported: null }

/** What the call says about the provider's limits. */
function lessonsOf(outcome: CallOutcome): Lessons {
  if (outcome.kind === "answered") return { ...nothingLearned, reported: outcome.answer.rateLimits }
  if (outcome.kind !== "failed") return nothingLearned
  const { type, retryAfterMs, rateLimits } = outcome.error
  const throttled = type === "rate_limited"
  return { throttled, retryAfterMs: throttled ? retryAfterMs : null, reported: rateLimits }
}
