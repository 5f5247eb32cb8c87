import type { ErrorType, JobErrorType, ProviderErrorType } from "./error-type.ts"

/** How the system reacts to a class of provider error. One table, so that no policy is written twice. */
export interface ErrorTraits {
  /** The same job may be tried again later, on this endpoint or another. */
  readonly retryable: boolean
  /** A failure uses up one of the retries that the job has for this class. */
  readonly charged: boolean
  /** The failure speaks against the endpoint's health. */
  readonly countsForBreaker: boolean
  /** Another endpoint of the tier may well succeed where this one failed. */
  readonly failsOver: boolean
  /** The condition makes the endpoint unavailable, which starts the clock of degradation. */
  readonly degrades: boolean
  /** A person has to act: nothing gets better by itself. */
  readonly alerts: boolean
}

const no: ErrorTraits = { retryable: false, charged: false, countsForBreaker: false, failsOver: false, degrades: false, alerts: false }
const endpointFault: ErrorTraits = { ...no, retryable: true, charged: true, countsForBreaker: true, failsOver: true }
const accountFault: ErrorTraits = { ...no, retryable: true, failsOver: true, degrades: true, alerts: true }

const traits: Readonly<Record<ProviderErrorType, ErrorTraits>> = {
  rate_limited: { ...no, retryable: true, failsOver: true },
  provider_quota: accountFault,
  provider_auth: accountFault,
  overloaded: endpointFault,
  timeout: endpointFault,
  network: endpointFault,
  provider_internal: endpointFault,
  malformed_response: endpointFault,
  context_length: { ...no, failsOver: true },
  schema_mismatch: { ...no, failsOver: true },
  content_filter: no,
  invalid_input: no,
  output_truncated: no,
}

/** Whether the caller may reasonably submit a job again that ended for one of these reasons. */
const resubmittable: Readonly<Record<JobErrorType, boolean>> = {
  no_capable_endpoint: false,
  deadline_exceeded: true,
  budget_exhausted: false,
  worker_lost: true,
}

/** Whether the request itself is what failed: no endpoint, however well, would have answered it. */
const ofTheRequest: ReadonlySet<ErrorType> = new Set([
  "invalid_input",
  "context_length",
  "content_filter",
  "no_capable_endpoint",
  "budget_exhausted",
])

/** Whether a failure is the caller's own, and says nothing about the system. */
export function isCallersFault(type: ErrorType): boolean {
  return ofTheRequest.has(type)
}

export function traitsOf(type: ProviderErrorType): ErrorTraits {
  return traits[type]
}

/** The wire's `error.retryable`: the same job, submitted or replayed later, may succeed. */
export function isRetryable(type: ErrorType): boolean {
  switch (type) {
    case "no_capable_endpoint":
    case "deadline_exceeded":
    case "budget_exhausted":
    case "worker_lost":
      return resubmittable[type]
    default:
      return traits[type].retryable
  }
}
