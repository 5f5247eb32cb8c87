import type { ProviderErrorType, RetryConfig } from "@sluice/core"
import type { RetryRule } from "@sluice/resilience"

const unlimited = Number.POSITIVE_INFINITY
const none: RetryRule = { retries: 0, delayMs: 1, factor: 1, maxDelayMs: 1 }
const quick: RetryRule = { retries: 4, delayMs: 500, factor: 2, maxDelayMs: 10_000 }

/** What is not charged to the job is repeated until its deadline, ever more slowly. */
export const defaultRetryRules: Readonly<Record<ProviderErrorType, RetryRule>> = {
  rate_limited: { retries: unlimited, delayMs: 1_000, factor: 2, maxDelayMs: 60_000 },
  provider_quota: { retries: unlimited, delayMs: 60_000, factor: 2, maxDelayMs: 900_000 },
  provider_auth: { retries: unlimited, delayMs: 30_000, factor: 2, maxDelayMs: 300_000 },
  overloaded: { retries: 4, delayMs: 2_000, factor: 1.5, maxDelayMs: 30_000 },
  timeout: quick,
  network: quick,
  provider_internal: quick,
  malformed_response: quick,
  context_length: none,
  content_filter: none,
  invalid_input: none,
  schema_mismatch: none,
  output_truncated: none,
}

/** The rule for a class of error: the configuration's word, setting by setting, over the default. */
export function retryRuleFor(type: ProviderErrorType, config: RetryConfig | undefined): RetryRule {
  const { retries, delayMs, factor, maxDelayMs } = (config === "off" ? undefined : config?.[type]) ?? {}
  const rule = defaultRetryRules[type]
  return {
    retries: retries ?? rule.retries,
    delayMs: delayMs ?? rule.delayMs,
    factor: factor ?? rule.factor,
    maxDelayMs: maxDelayMs ?? rule.maxDelayMs,
  }
}
