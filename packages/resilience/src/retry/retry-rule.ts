/** How often a class of failure is retried, and how the waits grow. */
export interface RetryRule {
  /** Retries after the first call. */
  readonly retries: number
  /** Before the first retry. */
  readonly delayMs: number
  /** Each further wait is so many times as long. */
  readonly factor: number
  readonly maxDelayMs: number
}

export interface RetryDelayRequest {
  readonly rule: RetryRule
  /** Failures so far, the present one included: 1 or more. */
  readonly failures: number
  /** What the provider asked for; it wins over the rule. */
  readonly retryAfterMs: number | null
  /** Uniform in [0, 1). */
  readonly random: () => number
}

const retryAfterSpread = 0.1

/**
 * The wait before the next call, in milliseconds. Exponential with "equal jitter" (Marc Brooker, "Exponential Backoff
 * And Jitter", AWS 2015): half of the wait is certain, half random, so that jobs which failed together do not return
 * together. A provider's own word is never undercut, only spread a little upwards.
 */
export function retryDelayMs({ rule, failures, retryAfterMs, random }: RetryDelayRequest): number {
  if (retryAfterMs !== null) return Math.round(retryAfterMs * (1 + retryAfterSpread * random()))
  const full = Math.min(rule.maxDelayMs, rule.delayMs * rule.factor ** (failures - 1))
  return Math.round(full / 2 + (full / 2) * random())
}
