import { type Attempt, isRetryable, type JobError, type JobErrorType, type RunningJob } from "@sluice/core"

function jobError(type: JobErrorType, message: string, endpoint: string | null = null): JobError {
  return { type, message, retryable: isRetryable(type), endpoint, httpStatus: null, providerCode: null, providerRequestId: null }
}

export interface Expiry {
  readonly createdAt: Date
  readonly now: Date
  /** What it waited for last, if it did. */
  readonly lastCause: { readonly endpoint: string | null; readonly reason: string } | null
}

/** For a job that reached its deadline: how long it waited, and for what. */
export function deadlineExceeded({ createdAt, now, lastCause }: Expiry): JobError {
  const seconds = Math.round((now.getTime() - createdAt.getTime()) / 1_000)
  const cause = lastCause ? `${lastCause.endpoint ?? "it"} ${lastCause.reason}` : "no worker took it"
  return jobError("deadline_exceeded", `Waited ${seconds} s: ${cause}.`, lastCause?.endpoint ?? null)
}

/** The same, for a job that was executed: the last thing that went wrong, else what it waited for. */
export function expiryAfter(job: RunningJob, now: Date, made: readonly Attempt[] = []): JobError {
  const last = [...job.attempts, ...made].at(-1)
  const lastCause = job.waiting ?? (last?.errorType ? { endpoint: last.endpoint, reason: last.errorType } : null)
  return deadlineExceeded({ createdAt: job.createdAt, now, lastCause })
}

export function noCapableEndpoint(job: RunningJob): JobError {
  const { onlyTier } = job.options
  if (onlyTier) return jobError("no_capable_endpoint", `The tier ${onlyTier} of route ${job.route} has no answer to this input.`)
  const advice = "Check the input's kind, images, tools and length against the capabilities and contextTokens of the route's endpoints."
  return jobError("no_capable_endpoint", `No endpoint of route ${job.route} can serve this input. ${advice}`)
}

/** For a job whose executions are lost again and again: it may be what kills its workers. */
export function workerLost(losses: number): JobError {
  const advice = "Look into the workers' logs for why they ended; replay the job once that is mended."
  return jobError("worker_lost", `The worker that executed the job was lost ${losses} times in a row. ${advice}`)
}

export function budgetExhausted(options: { spentUsd: number; nextUsd: number; maxUsd: number; endpoint: string }): JobError {
  const { spentUsd, nextUsd, maxUsd, endpoint } = options
  const message = `The next call to ${endpoint} may cost ${usd(nextUsd)}; with ${usd(spentUsd)} spent, that exceeds maxCostUsd ${usd(maxUsd)}.`
  return jobError("budget_exhausted", message, endpoint)
}

function usd(value: number): string {
  return `$${Number(value.toPrecision(4))}`
}
