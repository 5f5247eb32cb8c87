import { type AuditLog, type ReplayRequest, replayRequest } from "@sluice/core"
import { type CreateReplay, type CreateReplayOutcome, presentReplay } from "@sluice/engine"
import type { RequestHandler } from "express"
import { actorOf } from "../../audit/actor-of.ts"
import { recordAudit } from "../../audit/record-audit.ts"
import { jsonPointer } from "../../problems/json-pointer.ts"
import { parseBody } from "../../problems/parse-body.ts"
import { validationProblem } from "../../problems/validation-problem.ts"
import { assertNoQuery } from "../../queries/read-query.ts"
import { sendJson } from "../../responses/send-json.ts"
import { selectionDetails } from "../dead-letters/selection-details.ts"

export interface CreateReplayHandlerDependencies {
  readonly createReplay: CreateReplay
  readonly audit: AuditLog
}

/** `POST /v1/dead-letters/replay`: 202 with the replay, which a worker carries out; 200 for a dry run, or when nothing matched. */
export function createReplayHandler({ createReplay, audit }: CreateReplayHandlerDependencies): RequestHandler {
  return async function handleCreateReplay(request, response) {
    assertNoQuery(request.url)
    const body = parseBody(replayRequest, request.body)
    const outcome = await createReplay({
      tenantId: response.locals.tenantId,
      by: actorOf(response),
      requestId: response.locals.requestId,
      body,
      beforeCreation: (replay) => recordAudit(audit, response, { action: "replay.create", target: replay.id, details: detailsOf(body) }),
    })
    const { replay, isDryRun } = madeBy(outcome)
    if (!isDryRun) response.setHeader("Location", `/v1/replays/${replay.id}`)
    sendJson(response, { status: isDryRun || replay.finishedAt ? 200 : 202, body: presentReplay(replay, { isDryRun }) })
  }
}

function madeBy(outcome: CreateReplayOutcome) {
  if (outcome.kind !== "invalid") return { replay: outcome.replay, isDryRun: outcome.kind === "dry_run" }
  throw validationProblem(
    outcome.faults.map(({ path, message }) => ({ pointer: jsonPointer(path), code: "invalid_value", detail: message })),
  )
}

function detailsOf({ perSecond, overrides, ...selection }: ReplayRequest) {
  return { ...selectionDetails(selection), perSecond, overrides: overrides ? JSON.parse(JSON.stringify(overrides)) : null }
}
