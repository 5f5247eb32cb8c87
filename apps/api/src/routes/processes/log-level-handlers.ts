import { type LogLevelOrder, type LogLevelResource, setLogLevelRequest } from "@sluice/core"
import type { RequestHandler } from "express"
import { actorOf } from "../../audit/actor-of.ts"
import { recordAudit } from "../../audit/record-audit.ts"
import { parseBody } from "../../problems/parse-body.ts"
import { assertNoQuery } from "../../queries/read-query.ts"
import { sendJson } from "../../responses/send-json.ts"
import { sendResource } from "../../responses/send-resource.ts"
import type { ProcessHandlerDependencies } from "./process-handlers.ts"

const target = "log-level"

/** `GET /v1/log-level`. */
export function getLogLevelHandler({ processes }: ProcessHandlerDependencies): RequestHandler {
  return async function handleGetLogLevel(request, response) {
    assertNoQuery(request.url)
    sendResource(request, response, present(await processes.logLevel()))
  }
}

/** `PUT /v1/log-level`: for every process, for a while. */
export function setLogLevelHandler({ processes, audit }: ProcessHandlerDependencies): RequestHandler {
  return async function handleSetLogLevel(request, response) {
    assertNoQuery(request.url)
    const body = parseBody(setLogLevelRequest, request.body)
    const { level, of = null, forMs } = body
    await recordAudit(audit, response, { action: "log_level.set", target, details: { level, of, forMs } })
    sendJson(response, { status: 200, body: present(await processes.setLogLevel({ ...body, by: actorOf(response) })) })
  }
}

/** `DELETE /v1/log-level`: back to what is configured. */
export function resetLogLevelHandler({ processes, audit }: ProcessHandlerDependencies): RequestHandler {
  return async function handleResetLogLevel(request, response) {
    assertNoQuery(request.url)
    await recordAudit(audit, response, { action: "log_level.reset", target })
    await processes.resetLogLevel()
    sendJson(response, { status: 200, body: present(null) })
  }
}

function present(order: LogLevelOrder | null): LogLevelResource {
  return { object: "log_level", override: order && { ...order, until: order.until.toISOString() } }
}
