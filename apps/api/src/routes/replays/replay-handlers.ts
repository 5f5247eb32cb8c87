import { type AuditLog, listReplaysQuery, type ReplayStore } from "@sluice/core"
import { presentReplay } from "@sluice/engine"
import type { RequestHandler } from "express"
import { recordAudit } from "../../audit/record-audit.ts"
import { Problem } from "../../problems/problem.ts"
import { createIdCursor } from "../../queries/id-cursor.ts"
import { assertNoQuery, parseQuery, readQuery } from "../../queries/read-query.ts"
import { pageOf } from "../../responses/page-of.ts"
import { sendJson } from "../../responses/send-json.ts"
import { sendResource } from "../../responses/send-resource.ts"
import { replayOf } from "./find-replay.ts"

export interface ReplayHandlerDependencies {
  readonly replays: ReplayStore
  readonly audit: AuditLog
}

const cursors = createIdCursor("rpl_")

/** `GET /v1/replays`: the tenant's, newest first, by page. */
export function listReplaysHandler({ replays }: ReplayHandlerDependencies): RequestHandler {
  return async function handleListReplays(request, response) {
    const { cursor, limit } = parseQuery(listReplaysQuery, readQuery(request.url))
    const before = cursor === undefined ? null : cursors.decode(cursor)
    const found = await replays.list({ tenantId: response.locals.tenantId, before, limit: limit + 1 })
    const { items, last } = pageOf(found, limit)
    sendResource(request, response, { data: items.map((replay) => presentReplay(replay)), nextCursor: last && cursors.encode(last.id) })
  }
}

/** `GET /v1/replays/{id}`. */
export function getReplayHandler({ replays }: ReplayHandlerDependencies): RequestHandler {
  return async function handleGetReplay(request, response) {
    assertNoQuery(request.url)
    sendResource(request, response, presentReplay(await replayOf(request, response, replays.find)))
  }
}

/** `POST /v1/replays/{id}/cancel`: starts no further run; those that it has started go on. 409 when it was complete. */
export function cancelReplayHandler({ replays, audit }: ReplayHandlerDependencies): RequestHandler {
  return async function handleCancelReplay(request, response) {
    assertNoQuery(request.url)
    const { id } = await replayOf(request, response, replays.find)
    await recordAudit(audit, response, { action: "replay.cancel", target: id })
    const replay = await replayOf(request, response, (ref) => replays.cancel({ ...ref, at: new Date() }))
    if (replay.status === "completed") {
      throw new Problem({ code: "conflict", detail: "The replay is complete: every run that it started has ended." })
    }
    sendJson(response, { status: 200, body: presentReplay(replay) })
  }
}
