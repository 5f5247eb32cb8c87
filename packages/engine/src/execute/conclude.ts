import {
  type Attempt,
  isRetryable,
  type JobError,
  type ProviderError,
  type ProviderErrorType,
  type Random,
  type RetryConfig,
  type RunningJob,
  traitsOf,
  type Waiting,
  type WaitingReason,
} from "@sluice/core"
import { retryDelayMs } from "@sluice/resilience"
import { boundError } from "./bound-told.ts"
import { retryRuleFor } from "./retry-rules.ts"

export interface Failure {
  readonly attempt: Attempt
  readonly error: ProviderError
}

export interface ConcludeRequest {
  readonly job: RunningJob
  /** Of this execution. */
  readonly failures: readonly Failure[]
  /** All of this run, those of this execution included. */
  readonly attempts: readonly Attempt[]
  /** What the route says about retries, if anything. */
  readonly retry: RetryConfig | undefined
  readonly now: Date
  readonly random: Random
}

export interface RetryLater {
  readonly notBefore: Date
  readonly delayMs: number
  readonly waiting: Waiting
}

interface Retry {
  readonly failure: Failure
  readonly delayMs: number
}

/** When to come back after the last endpoint has failed; null when no failure may be retried any more. */
export function conclude(request: ConcludeRequest): RetryLater | null {
  const retries = request.failures.flatMap((failure) => retryOf(request, failure) ?? [])
  const [soonest] = retries.toSorted((a, b) => a.delayMs - b.delayMs)
  if (!soonest) return null
  const { now, job } = request
  const due = new Date(now.getTime() + soonest.delayMs)
  // At its deadline the job must be looked at, to expire.
  const notBefore = due < job.deadline ? due : job.deadline
  const { error, attempt } = soonest.failure
  const waiting: Waiting = { reason: waitingReasonOf(error.type), endpoint: attempt.endpoint, since: now, until: notBefore, refusals: 0 }
  return { notBefore, delayMs: soonest.delayMs, waiting }
}

function retryOf({ attempts, retry, random }: ConcludeRequest, failure: Failure): Retry | null {
  const { type, retryAfterMs } = failure.error
  const { retryable, charged } = traitsOf(type)
  if (!retryable || (charged && retry === "off")) return null
  const sameClass = attempts.filter(({ errorType }) => errorType === type)
  const rule = retryRuleFor(type, retry)
  const isSpent = failure.attempt.charged && sameClass.filter(({ charged }) => charged).length > rule.retries
  return isSpent ? null : { failure, delayMs: retryDelayMs({ rule, failures: sameClass.length, retryAfterMs, random }) }
}

function waitingReasonOf(type: ProviderErrorType): WaitingReason {
  switch (type) {
    case "rate_limited":
      return "rate_limited"
    case "provider_quota":
      return "quota"
    case "provider_auth":
      return "credential"
    default:
      return "retry_backoff"
  }
}

/** What the caller is told of a provider's error. */
export function jobErrorOf({ attempt, error }: Failure): JobError {
  return { ...boundError(error), retryable: isRetryable(error.type), endpoint: attempt.endpoint }
}
