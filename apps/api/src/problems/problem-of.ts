import { QueueUnavailableError, StorageUnavailableError } from "@sluice/core"
import { Problem } from "./problem.ts"

/** The problem with which a thrown value is answered. What is not foreseen becomes `internal` and tells nothing of itself. */
export function problemOf(error: unknown): Problem {
  if (error instanceof Problem) return error
  if (error instanceof StorageUnavailableError) return storageUnavailable(error)
  if (error instanceof QueueUnavailableError) return queueUnavailable(error)
  if (isUndecodablePath(error)) return nothingHere(error)
  return new Problem({ code: "internal", detail: "The error was logged under the request id. Trying again may help.", cause: error })
}

/** The problem for an address that the API does not have. */
export function nothingHere(cause?: unknown): Problem {
  return new Problem({ code: "not_found", detail: "There is nothing at this address. Check it for typing errors.", cause })
}

function storageUnavailable(error: StorageUnavailableError): Problem {
  const seconds = Math.max(1, Math.ceil(error.retryAfterMs / 1_000))
  return new Problem({
    code: "storage_unavailable",
    detail: `The database does not answer at present. Send the request again in ${seconds} s.`,
    headers: { "Retry-After": String(seconds) },
    cause: error,
  })
}

function queueUnavailable(cause: QueueUnavailableError): Problem {
  const detail = "Redis does not answer at present, and this call needs it. Send the request again in 2 s. Submitting jobs works meanwhile."
  return new Problem({ code: "storage_unavailable", detail, headers: { "Retry-After": "2" }, cause })
}

/** Express rejects a path such as `/v1/jobs/%zz` with a URIError of status 400. */
function isUndecodablePath(error: unknown): boolean {
  return error instanceof URIError && "status" in error && error.status === 400
}
