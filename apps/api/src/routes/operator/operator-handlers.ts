import { type AuditLog, forceBreakerRequest } from "@sluice/core"
import type { Operator } from "@sluice/engine"
import type { RequestHandler } from "express"
import { z } from "zod"
import { actorOf } from "../../audit/actor-of.ts"
import { recordAudit } from "../../audit/record-audit.ts"
import { bodyProblem } from "../../problems/body-problem.ts"
import { type KnownNames, knownNames } from "../../problems/known-names.ts"
import { Problem } from "../../problems/problem.ts"
import { parseQuery, readQuery } from "../../queries/read-query.ts"
import { sendJson } from "../../responses/send-json.ts"
import { sendResource } from "../../responses/send-resource.ts"

export interface OperatorHandlerDependencies {
  readonly operator: Operator
  readonly audit: AuditLog
}

const noParameters = z.strictObject({})

/** `GET /v1/routes`: the routes, and which an operator has paused. */
export function listRoutesHandler({ operator }: OperatorHandlerDependencies): RequestHandler {
  return async function handleListRoutes(request, response) {
    parseQuery(noParameters, readQuery(request.url))
    sendResource(request, response, { data: await operator.routes(), nextCursor: null })
  }
}

/** `GET /v1/endpoints`: the endpoints with breaker, allowance used, calls in flight and latency. */
export function listEndpointsHandler({ operator }: OperatorHandlerDependencies): RequestHandler {
  return async function handleListEndpoints(request, response) {
    parseQuery(noParameters, readQuery(request.url))
    sendResource(request, response, { data: await operator.endpoints(), nextCursor: null })
  }
}

/** `POST /v1/endpoints/{name}/breaker`: an operator's word over the breaker's; answers with the endpoint as it is then. */
export function forceBreakerHandler({ operator, audit }: OperatorHandlerDependencies): RequestHandler {
  return async function handleForceBreaker(request, response) {
    const endpoint = String(request.params.name)
    const body = forceBreakerRequest.safeParse(request.body)
    if (!body.success) throw bodyProblem(body.error, { body: request.body })
    await recordAudit(audit, response, { action: "endpoint.force_breaker", target: endpoint, details: body.data })
    const isKnown = await operator.forceBreaker({ endpoint, state: body.data.state, by: actorOf(response) })
    const changed = named(isKnown, await operator.endpoints(), { what: "endpoint", name: endpoint })
    sendJson(response, { status: 200, body: changed })
  }
}

/** `POST /v1/routes/{name}/pause` and `/resume`: answers with the route as it is then. */
export function pauseRouteHandler({ operator, audit, paused }: OperatorHandlerDependencies & { paused: boolean }): RequestHandler {
  return async function handlePauseRoute(request, response) {
    const route = String(request.params.name)
    await recordAudit(audit, response, { action: paused ? "route.pause" : "route.resume", target: route })
    const isKnown = await operator.pauseRoute({ route, paused, by: actorOf(response) })
    const changed = named(isKnown, await operator.routes(), { what: "route", name: route })
    sendJson(response, { status: 200, body: changed })
  }
}

/** The one of this name. Throws `not_found`, with the names that there are. */
function named<T extends { readonly name: string }>(isKnown: boolean, all: readonly T[], { what, name }: Omit<KnownNames, "known">): T {
  const found = isKnown ? all.find((one) => one.name === name) : undefined
  if (found) return found
  throw new Problem({ code: "not_found", detail: knownNames({ what, name, known: all.map((one) => one.name) }) })
}
