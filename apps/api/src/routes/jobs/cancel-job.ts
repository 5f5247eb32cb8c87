import { presentJob } from "@sluice/core"
import type { CancelJob } from "@sluice/engine"
import type { RequestHandler } from "express"
import { assertNoQuery } from "../../queries/read-query.ts"
import { sendJson } from "../../responses/send-json.ts"
import { jobIdOf, jobNotFound } from "./find-job.ts"

export interface CancelJobHandlerDependencies {
  readonly cancelJob: CancelJob
}

/** `POST /v1/jobs/{id}/cancel`: answers with the job as it is then; one that had ended before stays as it was, which its status says. */
export function cancelJobHandler({ cancelJob }: CancelJobHandlerDependencies): RequestHandler {
  return async function handleCancelJob(request, response) {
    assertNoQuery(request.url)
    const outcome = await cancelJob({ tenantId: response.locals.tenantId, id: jobIdOf(request) })
    if (outcome.kind === "missing") throw jobNotFound()
    response.setHeader("Cache-Control", "no-store")
    sendJson(response, { status: 200, body: presentJob(outcome.job) })
  }
}
