import type { Registry } from "@prometheus-io/client"
import { requestSeconds } from "./buckets.ts"
import { instrumentsOf } from "./instruments.ts"

export interface AnsweredRequest {
  readonly method: string
  /** The template, e.g. `/v1/jobs/:id`; null where no route matched. */
  readonly route: string | null
  /** Null: the caller left before the answer. */
  readonly status: number | null
  readonly seconds: number
}

export interface HttpMetrics {
  answered(request: AnsweredRequest): void
}

/** The methods that have a series of their own; whatever else a caller makes up counts as `_OTHER`, as OpenTelemetry says. */
const methods = new Set(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"])

/** Requests by route template, never by path: ids would make a series for each job. */
export function createHttpMetrics(registry: Registry): HttpMetrics {
  const durations = instrumentsOf(registry).histogram(
    "http_server_request_duration_seconds",
    "From the request's head to the end of the answer, by route template. Long polls and streams count with their whole time.",
    ["http_request_method", "http_route", "http_response_status_code"],
    requestSeconds,
  )
  return {
    answered({ method, route, status, seconds }) {
      const labels = {
        http_request_method: methods.has(method) ? method : "_OTHER",
        http_route: route ?? "none",
        http_response_status_code: status === null ? "aborted" : String(status),
      }
      durations.observe(labels, seconds)
    },
  }
}
