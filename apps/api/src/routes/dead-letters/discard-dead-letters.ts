import { type AuditLog, discardDeadLettersRequest } from "@sluice/core"
import type { DiscardDeadLetters } from "@sluice/engine"
import type { RequestHandler } from "express"
import { actorOf } from "../../audit/actor-of.ts"
import { recordAudit } from "../../audit/record-audit.ts"
import { parseBody } from "../../problems/parse-body.ts"
import { assertNoQuery } from "../../queries/read-query.ts"
import { sendJson } from "../../responses/send-json.ts"
import { selectionDetails } from "./selection-details.ts"

export interface DiscardHandlerDependencies {
  readonly discardDeadLetters: DiscardDeadLetters
  readonly audit: AuditLog
}

/** `POST /v1/dead-letters/discard`: closes open ones for good. */
export function discardDeadLettersHandler({ discardDeadLetters, audit }: DiscardHandlerDependencies): RequestHandler {
  return async function handleDiscardDeadLetters(request, response) {
    assertNoQuery(request.url)
    const body = parseBody(discardDeadLettersRequest, request.body)
    const details = { ...selectionDetails(body), reason: body.reason }
    await recordAudit(audit, response, { action: "dead_letter.discard", target: null, details })
    const outcome = await discardDeadLetters({ tenantId: response.locals.tenantId, by: actorOf(response), body })
    sendJson(response, { status: 200, body: outcome })
  }
}
