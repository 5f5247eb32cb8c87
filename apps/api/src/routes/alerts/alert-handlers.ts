import { type AuditLog, listAlertsQuery, muteAlertRequest, presentAlert } from "@sluice/core"
import type { AlertBoard } from "@sluice/engine"
import type { RequestHandler } from "express"
import { recordAudit } from "../../audit/record-audit.ts"
import { bodyProblem } from "../../problems/body-problem.ts"
import { knownNames } from "../../problems/known-names.ts"
import { Problem } from "../../problems/problem.ts"
import { createIdCursor } from "../../queries/id-cursor.ts"
import { assertNoQuery, parseQuery, readQuery } from "../../queries/read-query.ts"
import { pageOf } from "../../responses/page-of.ts"
import { sendJson } from "../../responses/send-json.ts"
import { sendResource } from "../../responses/send-resource.ts"
import { goneSignal } from "../jobs/gone-signal.ts"

export interface AlertHandlerDependencies {
  readonly alertBoard: AlertBoard
  readonly audit: AuditLog
}

const cursors = createIdCursor("alt_")

/** `GET /v1/alerts`: what fires, is about to, and is over; newest first, by page. */
export function listAlertsHandler({ alertBoard }: AlertHandlerDependencies): RequestHandler {
  return async function handleListAlerts(request, response) {
    const { cursor, limit, since, ...equal } = parseQuery(listAlertsQuery, readQuery(request.url))
    const filter = { ...equal, since: since === undefined ? undefined : new Date(since) }
    const before = cursor === undefined ? null : cursors.decode(cursor)
    const { items, last } = pageOf(await alertBoard.list({ filter, before, limit: limit + 1 }), limit)
    const publicUrl = alertBoard.publicUrl()
    const data = items.map((alert) => presentAlert(alert, { publicUrl }))
    sendResource(request, response, { data, nextCursor: last && cursors.encode(last.id) })
  }
}

/** `POST /v1/alerts/{id}/mute`: no reminders for a while; answers with the alert as it is then. */
export function muteAlertHandler({ alertBoard, audit }: AlertHandlerDependencies): RequestHandler {
  return async function handleMuteAlert(request, response) {
    assertNoQuery(request.url)
    const id = String(request.params.id)
    const body = muteAlertRequest.safeParse(request.body)
    if (!body.success) throw bodyProblem(body.error, { body: request.body })
    await recordAudit(audit, response, { action: "alert.mute", target: id, details: body.data })
    const alert = await alertBoard.mute({ id, ...body.data })
    if (!alert) throw new Problem({ code: "not_found", detail: "There is no such alert. GET /v1/alerts lists them." })
    sendJson(response, { status: 200, body: presentAlert(alert, { publicUrl: alertBoard.publicUrl() }) })
  }
}

/** `POST /v1/alert-channels/{name}/test`: sends a test, and says what came of it. */
export function testChannelHandler({ alertBoard, audit }: AlertHandlerDependencies): RequestHandler {
  return async function handleTestChannel(request, response) {
    assertNoQuery(request.url)
    const channel = String(request.params.name)
    await recordAudit(audit, response, { action: "alert_channel.test", target: channel })
    const outcome = await alertBoard.test(channel, goneSignal(response))
    if (outcome.kind === "unknown") {
      throw new Problem({ code: "not_found", detail: knownNames({ what: "alert channel", name: channel, known: outcome.known }) })
    }
    const { delivered, error } = outcome
    sendJson(response, { status: 200, body: { object: "channel_test", channel, delivered, error } })
  }
}
