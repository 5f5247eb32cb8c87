import { setTimeout } from "node:timers/promises"
import { type AuditLog, type JobStore, openaiResponseId, type RemovalObstacle } from "@sluice/core"
import type { RemoveJob } from "@sluice/engine"
import type { RequestHandler } from "express"
import { recordAudit } from "../../audit/record-audit.ts"
import { assertNoQuery } from "../../queries/read-query.ts"
import { sendJson } from "../../responses/send-json.ts"
import { goneSignal } from "../../routes/jobs/gone-signal.ts"
import { OpenaiError } from "../errors/openai-error.ts"
import { findResponse } from "./response-handlers.ts"
import { responseNotFound } from "./response-id.ts"

export interface DeleteResponseDependencies {
  readonly jobs: Pick<JobStore, "find">
  readonly removeJob: RemoveJob
  readonly audit: AuditLog
}

/** What passes by itself within seconds of a job's end: OpenAI's clients expect to delete what they have just read. */
const passing: readonly (RemovalObstacle | "removed" | "missing")[] = ["untold", "unaccounted", "delivery_pending"]
const patienceMs = 8_000
const everyMs = 250

/** `DELETE /openai/v1/responses/{id}`: gone with all that belongs to it; 409 while it is unfinished, or holds something that would be lost. */
export function deleteResponseHandler({ jobs, removeJob, audit }: DeleteResponseDependencies): RequestHandler {
  return async function handleDeleteResponse(request, response) {
    assertNoQuery(request.url)
    const job = await findResponse(jobs, { request, response })
    await recordAudit(audit, response, { action: "job.delete", target: job.id })
    const outcome = await removePatiently(removeJob, job, goneSignal(response))
    if (outcome === "missing") throw responseNotFound()
    if (outcome !== "removed") throw obstructed(job.id, outcome)
    sendJson(response, { status: 200, body: { id: openaiResponseId(job), object: "response", deleted: true } })
  }
}

async function removePatiently(removeJob: RemoveJob, job: Parameters<RemoveJob>[0], signal: AbortSignal): ReturnType<RemoveJob> {
  const giveUpAt = Date.now() + patienceMs
  for (;;) {
    const outcome = await removeJob({ tenantId: job.tenantId, id: job.id })
    if (!passing.includes(outcome) || Date.now() >= giveUpAt || signal.aborted) return outcome
    await setTimeout(everyMs)
  }
}

function obstructed(jobId: string, obstacle: RemovalObstacle): OpenaiError {
  const message =
    obstacle === "unfinished"
      ? "The response has not ended yet. Cancel it first, or wait for its end."
      : `${jobId} cannot be removed yet (${obstacle}): DELETE /v1/jobs/${jobId} says what to do.`
  return new OpenaiError({ status: 409, type: "invalid_request_error", code: obstacle, message, isRetried: false })
}
