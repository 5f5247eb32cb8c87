import { type Job, traceIdOf } from "@sluice/core"
import type { LogFields } from "@sluice/runtime"

/** What tells in the log which job a line is about. */
export function jobFields({
  id,
  run,
  tenantId,
  route,
  traceparent,
}: Pick<Job, "id" | "run" | "tenantId" | "route" | "traceparent">): LogFields {
  const traceId = traceIdOf(traceparent)
  return { jobId: id, run, tenantId, route, ...(traceId !== null && { traceId }) }
}
