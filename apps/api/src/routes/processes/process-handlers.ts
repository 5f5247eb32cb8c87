import { type AuditLog, createProfileRequest, type ProcessReport, type ProcessResource, type ProfileResource } from "@sluice/core"
import type { Processes } from "@sluice/engine"
import type { RequestHandler } from "express"
import { recordAudit } from "../../audit/record-audit.ts"
import { parseBody } from "../../problems/parse-body.ts"
import { Problem } from "../../problems/problem.ts"
import { assertNoQuery } from "../../queries/read-query.ts"
import { sendJson } from "../../responses/send-json.ts"
import { sendResource } from "../../responses/send-resource.ts"
import { goneSignal } from "../jobs/gone-signal.ts"

export interface ProcessHandlerDependencies {
  readonly processes: Processes
  readonly audit: AuditLog
}

/** `GET /v1/processes`: API processes and workers that give signs of life. */
export function listProcessesHandler({ processes }: ProcessHandlerDependencies): RequestHandler {
  return async function handleListProcesses(request, response) {
    assertNoQuery(request.url)
    sendResource(request, response, { data: (await processes.list()).map(presentProcess), nextCursor: null })
  }
}

/** `POST /v1/processes/{id}/profiles`: answers once the file is written; 409 with the reason when it is not. */
export function createProfileHandler({ processes, audit }: ProcessHandlerDependencies): RequestHandler {
  return async function handleCreateProfile(request, response) {
    assertNoQuery(request.url)
    const processId = String(request.params.id)
    const body = parseBody(createProfileRequest, request.body)
    await recordAudit(audit, response, { action: "process.profile", target: processId, details: body })
    const outcome = await processes.profile({ ...body, processId, signal: goneSignal(response) })
    if (outcome === null)
      throw new Problem({ code: "not_found", detail: "There is no such process. `GET /v1/processes` lists those that run." })
    if (outcome.kind === "refused") throw new Problem({ code: "conflict", detail: outcome.reason })
    const { file, bytes } = outcome
    const shown: ProfileResource = { object: "profile", processId, kind: body.kind, file, bytes }
    sendJson(response, { status: 200, body: shown })
  }
}

function presentProcess({ id, startedAt, ...process }: ProcessReport): ProcessResource {
  return { id, object: "process", ...process, startedAt: startedAt.toISOString() }
}
