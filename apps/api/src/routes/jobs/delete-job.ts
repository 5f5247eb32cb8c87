import type { AuditLog, JobStore } from "@sluice/core"
import type { RemoveJob } from "@sluice/engine"
import type { RequestHandler } from "express"
import { recordAudit } from "../../audit/record-audit.ts"
import { Problem } from "../../problems/problem.ts"
import { assertNoQuery } from "../../queries/read-query.ts"
import { findJob, jobIdOf, jobNotFound } from "./find-job.ts"

export interface DeleteJobHandlerDependencies {
  readonly removeJob: RemoveJob
  readonly jobs: JobStore
  readonly audit: AuditLog
}

/** `DELETE /v1/jobs/{id}`: 204 once a finished job is gone with all that belongs to it; 409 while it is unfinished. */
export function deleteJobHandler({ removeJob, jobs, audit }: DeleteJobHandlerDependencies): RequestHandler {
  return async function handleDeleteJob(request, response) {
    assertNoQuery(request.url)
    const { tenantId, id } = await findJob(jobs, { tenantId: response.locals.tenantId, id: jobIdOf(request) })
    await recordAudit(audit, response, { action: "job.delete", target: id })
    const outcome = await removeJob({ tenantId, id })
    if (outcome === "missing") throw jobNotFound()
    if (outcome === "unfinished") {
      throw new Problem({ code: "conflict", detail: "The job has not ended yet. Cancel it first, or wait for its end." })
    }
    response.status(204).end()
  }
}
