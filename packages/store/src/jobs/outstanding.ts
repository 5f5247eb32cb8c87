import type { JobFacts, OutstandingJob } from "@sluice/core"
import type { JobDocument } from "./job-document.ts"

export const factsProjection = { run: 1, route: 1, tenantId: 1, batchId: 1, traceparent: 1, requestId: 1 } as const

/** As much of a job as puts it in the queue: inputs of a whole page would be gigabytes. */
export const outstandingProjection = { run: 1, route: 1, tenantId: 1, notBefore: 1, waiting: 1, "options.priority": 1 }

/** These fields have been the same in every version, as those writes demand that meet documents of all versions. */
export function toOutstanding(document: JobDocument): OutstandingJob {
  const { _id: id, run, route, tenantId, notBefore, waiting, options } = document
  return { id, run, route, tenantId, notBefore: notBefore ?? null, waiting: waiting ?? null, options: { priority: options.priority } }
}

export function toFacts({ _id: id, run, route, tenantId, batchId, traceparent, requestId }: JobDocument): JobFacts {
  const origin = { traceparent: traceparent ?? null, requestId: requestId ?? null }
  return { id, run, route, tenantId, batchId: batchId ?? null, ...origin }
}
