import { type DeliveryStore, getJobQuery, isFinal, type JobStore, presentDelivery, presentJob } from "@sluice/core"
import type { JobWaiter } from "@sluice/engine"
import type { RequestHandler } from "express"
import { parseQuery, readQuery } from "../../queries/read-query.ts"
import { sendResource } from "../../responses/send-resource.ts"
import { findJob, jobIdOf, jobNotFound } from "./find-job.ts"
import { goneSignal } from "./gone-signal.ts"

export interface GetJobHandlerDependencies {
  readonly jobs: JobStore
  readonly jobWaiter: JobWaiter
  readonly deliveries: DeliveryStore
}

/** `GET /v1/jobs/{id}`: the job as it is, or with `?wait=N` at its end if that comes within N seconds. */
export function getJobHandler({ jobs, jobWaiter, deliveries }: GetJobHandlerDependencies): RequestHandler {
  return async function handleGetJob(request, response) {
    const { wait = 0, expand = [] } = parseQuery(getJobQuery, readQuery(request.url))
    const which = { tenantId: response.locals.tenantId, id: jobIdOf(request) }
    const job =
      wait > 0 ? await jobWaiter.wait({ ...which, timeoutMs: wait * 1_000, signal: goneSignal(response) }) : await findJob(jobs, which)
    if (job === null) throw jobNotFound()
    if (!isFinal(job)) response.setHeader("Retry-After", "1")
    const made = expand.includes("deliveries") ? await deliveries.ofJob({ tenantId: which.tenantId, jobId: job.id }) : []
    sendResource(request, response, presentJob(job, { expand, deliveries: made.map(presentDelivery) }))
  }
}
