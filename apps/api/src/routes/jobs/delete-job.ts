import { type AuditLog, deadLetterIdOf, type JobStore, type RemovalObstacle } from "@sluice/core"
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

/**
 * `DELETE /v1/jobs/{id}`: 204 once a finished job is gone with all that belongs to it; 409 while it is unfinished, or holds
 * something that would be lost with it.
 */
export function deleteJobHandler({ removeJob, jobs, audit }: DeleteJobHandlerDependencies): RequestHandler {
  return async function handleDeleteJob(request, response) {
    assertNoQuery(request.url)
    const { tenantId, id } = await findJob(jobs, { tenantId: response.locals.tenantId, id: jobIdOf(request) })
    await recordAudit(audit, response, { action: "job.delete", target: id })
    const outcome = await removeJob({ tenantId, id })
    if (outcome === "missing") throw jobNotFound()
    if (outcome !== "removed") throw new Problem({ code: "conflict", detail: whatToDo(outcome, id) })
    response.status(204).end()
  }
}

function whatToDo(obstacle: RemovalObstacle, id: string): string {
  switch (obstacle) {
    case "unfinished":
      return "The job has not ended yet. Cancel it first, or wait for its end."
    case "dead_letter_open":
      return `Its dead letter ${deadLetterIdOf({ id })} is open. Replay it (POST /v1/dead-letters/replay) or discard it (POST /v1/dead-letters/discard) first.`
    case "untold":
      return "Its end has not been told to webhooks yet. Try again in a few seconds."
    case "unaccounted":
      return "What it has used is not in the books yet. Try again in a few seconds."
    case "delivery_pending":
      return `Webhooks are still being told of it. GET /v1/jobs/${id}?expand=deliveries shows how far that is; try again when all have ended.`
    case "delivery_given_up":
      return `A webhook could not be told of it. Replay or discard that dead letter first: GET /v1/jobs/${id}?expand=deliveries names the delivery that failed; its dead letter is dl_ and the delivery's id.`
  }
}
