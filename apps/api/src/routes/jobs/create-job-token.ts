import type { JobStore, JobTokenResource } from "@sluice/core"
import type { JobTokens } from "@sluice/engine"
import type { RequestHandler } from "express"
import { assertNoQuery } from "../../queries/read-query.ts"
import { sendJson } from "../../responses/send-json.ts"
import { findJob, jobIdOf } from "./find-job.ts"

export interface CreateJobTokenDependencies {
  readonly jobs: JobStore
  readonly jobTokens: Pick<JobTokens, "issue">
}

/** `POST /v1/jobs/{id}/token`: 201 with a token by which a browser may read this one job for a quarter of an hour. */
export function createJobTokenHandler({ jobs, jobTokens }: CreateJobTokenDependencies): RequestHandler {
  return async function handleCreateJobToken(request, response) {
    assertNoQuery(request.url)
    const { id, tenantId } = await findJob(jobs, { tenantId: response.locals.tenantId, id: jobIdOf(request) })
    const { text, expiresAt } = jobTokens.issue({ tenantId, jobId: id })
    const body: JobTokenResource = { object: "job_token", jobId: id, token: text, expiresAt: expiresAt.toISOString() }
    response.setHeader("Cache-Control", "no-store")
    sendJson(response, { status: 201, body })
  }
}
