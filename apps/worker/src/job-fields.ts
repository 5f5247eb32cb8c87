import { type JobFacts, type Origin, traceIdOf } from "@sluice/core"
import type { LogFields } from "@sluice/runtime"

/** What tells in the log which job a line is about. */
export function jobFields({ id, run, tenantId, route, traceparent, requestId }: JobFacts): LogFields {
  return { jobId: id, run, tenantId, route, ...originFields({ traceparent, requestId }) }
}

/** What leads to the request that something goes back to, as far as it is known. */
export function originFields({ traceparent, requestId }: Origin): LogFields {
  const traceId = traceIdOf(traceparent)
  return { ...(requestId !== null && { requestId }), ...(traceId !== null && { traceId }) }
}
