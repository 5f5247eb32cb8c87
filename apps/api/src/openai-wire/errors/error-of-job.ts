import { assertExhaustive, type ErrorType, type FinalJob, type Job, type JobError } from "@sluice/core"
import { jobHeaders } from "../jobs/provenance.ts"
import { OpenaiError, type OpenaiErrorOptions } from "./openai-error.ts"

type Unsuccessful = Exclude<FinalJob, { status: "succeeded" }>

/** The job has waited for its providers already, as long as it was allowed to. */
const retryAfterSeconds = 5

/** The error for a job that ended without a result. What would end the same way again is not to be sent again. */
export function errorOfJob(job: Unsuccessful): OpenaiError {
  const headers = jobHeaders(job)
  if (job.status === "cancelled") {
    const message = `${job.id} was cancelled before it had a result.`
    return new OpenaiError({ status: 409, type: "invalid_request_error", code: "job_cancelled", message, isRetried: false, headers })
  }
  const { error } = job
  const face = faceOf(error.type)
  const message = `${error.message} (${job.id})`
  const isLater = face.status === 429 || face.status === 503
  const more = isLater ? { "Retry-After": String(retryAfterSeconds) } : {}
  return new OpenaiError({ ...face, message, isRetried: error.retryable, headers: { ...headers, ...more } })
}

/** The caller's wait has run out, or the process is about to close; the job goes on. */
export function unfinished({ job, hasKey }: { readonly job: Job; readonly hasKey: boolean }): OpenaiError {
  const again = hasKey
    ? "Send the same request again with the same Idempotency-Key to go on waiting for it"
    : "It goes on; a request with an Idempotency-Key, sent again with the same key, goes on waiting for its job"
  const waiting = job.status === "queued" && job.waiting ? ` for ${job.waiting.reason}` : ""
  return new OpenaiError({
    status: 504,
    type: "server_error",
    code: "job_unfinished",
    message: `${job.id} has not ended yet: it is ${job.status}${waiting}. ${again}, or read GET /v1/jobs/${job.id}.`,
    headers: { ...jobHeaders(job), "Retry-After": "1" },
    // Without a key a client that sends the request again makes a second job beside the first.
    isRetried: hasKey,
  })
}

function faceOf(type: ErrorType): Pick<OpenaiErrorOptions, "status" | "type" | "code"> {
  switch (type) {
    case "invalid_input":
    case "no_capable_endpoint":
      return { status: 400, type: "invalid_request_error", code: type }
    case "context_length":
      return { status: 400, type: "invalid_request_error", code: "context_length_exceeded" }
    case "content_filter":
      return { status: 400, type: "invalid_request_error", code: "content_filter" }
    case "schema_mismatch":
    case "output_truncated":
    case "budget_exhausted":
      return { status: 422, type: "invalid_request_error", code: type }
    case "rate_limited":
      return { status: 429, type: "rate_limit_error", code: "rate_limit_exceeded" }
    case "provider_quota":
    case "provider_auth":
    case "provider_internal":
    case "malformed_response":
    case "network":
      return { status: 502, type: "server_error", code: type }
    case "overloaded":
    case "worker_lost":
      return { status: 503, type: "server_error", code: type }
    case "timeout":
    case "deadline_exceeded":
      return { status: 504, type: "server_error", code: type }
    default:
      return assertExhaustive(type, "error type")
  }
}

/** The same for where OpenAI keeps the error of a run beside its result. */
export function codeOfJobError({ type }: JobError): string {
  return faceOf(type).code
}
