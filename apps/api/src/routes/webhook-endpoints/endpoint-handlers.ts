import {
  type AuditLog,
  type Clock,
  createWebhookEndpointRequest,
  listWebhookEndpointsQuery,
  presentWebhookEndpoint,
  rotateSecretRequest,
  updateWebhookEndpointRequest,
  type WebhookEndpoint,
  type WebhookEndpointStore,
  webhookEndpointId,
} from "@sluice/core"
import type { WebhookEndpoints } from "@sluice/engine"
import type { RequestHandler, Response } from "express"
import { recordAudit } from "../../audit/record-audit.ts"
import type { Problem } from "../../problems/problem.ts"
import { validationProblem } from "../../problems/validation-problem.ts"
import { decodeCursor, encodeCursor } from "../../queries/cursor.ts"
import { assertNoQuery, parseQuery, readQuery } from "../../queries/read-query.ts"
import { sendJson } from "../../responses/send-json.ts"
import { sendResource } from "../../responses/send-resource.ts"
import { endpointNotFound, endpointRefOf, findEndpoint } from "./endpoint-ref.ts"
import { parseBody } from "./parse-body.ts"

export interface WebhookEndpointHandlerDependencies {
  readonly webhookEndpoints: WebhookEndpoints
  readonly endpointStore: WebhookEndpointStore
  readonly audit: AuditLog
  readonly clock: Clock
}

/** `GET /v1/webhook-endpoints`: the tenant's endpoints, newest first, by page. */
export function listWebhookEndpointsHandler({ endpointStore, clock }: WebhookEndpointHandlerDependencies): RequestHandler {
  return async function handleListWebhookEndpoints(request, response) {
    const { cursor, limit } = parseQuery(listWebhookEndpointsQuery, readQuery(request.url))
    const before = cursor === undefined ? null : decodeCursor(cursor, webhookEndpointId)
    const found = await endpointStore.list({ tenantId: response.locals.tenantId, before, limit: limit + 1 })
    const page = found.slice(0, limit)
    const last = found.length > limit ? page.at(-1) : undefined
    sendResource(request, response, {
      data: page.map((endpoint) => presentWebhookEndpoint(endpoint, { at: clock() })),
      nextCursor: last === undefined ? null : encodeCursor(last.id),
    })
  }
}

/** `POST /v1/webhook-endpoints`: 201 with the endpoint and, this once, its secret. */
export function createWebhookEndpointHandler({ webhookEndpoints, audit, clock }: WebhookEndpointHandlerDependencies): RequestHandler {
  return async function handleCreateWebhookEndpoint(request, response) {
    const body = parseBody(createWebhookEndpointRequest, request)
    await recordAudit(audit, response, { action: "webhook_endpoint.create", target: null, details: { url: body.url } })
    const outcome = await webhookEndpoints.create({ tenantId: response.locals.tenantId, body, format: "sluice" })
    if (outcome.kind === "url_refused") throw urlRefused(outcome.message)
    response.setHeader("Location", `/v1/webhook-endpoints/${outcome.endpoint.id}`)
    sendWithSecret(response, { status: 201, endpoint: outcome.endpoint, at: clock() })
  }
}

/** `GET /v1/webhook-endpoints/{id}` */
export function getWebhookEndpointHandler({ endpointStore, clock }: WebhookEndpointHandlerDependencies): RequestHandler {
  return async function handleGetWebhookEndpoint(request, response) {
    assertNoQuery(request.url)
    const endpoint = await findEndpoint(endpointStore, endpointRefOf(request, response))
    sendResource(request, response, presentWebhookEndpoint(endpoint, { at: clock() }))
  }
}

/** `PATCH /v1/webhook-endpoints/{id}`: changes what is given. */
export function updateWebhookEndpointHandler({
  webhookEndpoints,
  endpointStore,
  audit,
  clock,
}: WebhookEndpointHandlerDependencies): RequestHandler {
  return async function handleUpdateWebhookEndpoint(request, response) {
    const ref = endpointRefOf(request, response)
    const body = parseBody(updateWebhookEndpointRequest, request)
    const { format } = await findEndpoint(endpointStore, ref)
    if (format === "openai" && body.events !== undefined) throw othersEvents()
    await recordAudit(audit, response, { action: "webhook_endpoint.update", target: ref.id, details: { changed: Object.keys(body) } })
    const outcome = await webhookEndpoints.update({ ...ref, body })
    if (outcome.kind === "missing") throw endpointNotFound()
    if (outcome.kind === "url_refused") throw urlRefused(outcome.message)
    response.setHeader("Cache-Control", "no-store")
    sendJson(response, { status: 200, body: presentWebhookEndpoint(outcome.endpoint, { at: clock() }) })
  }
}

/** `DELETE /v1/webhook-endpoints/{id}`: 204. Its deliveries that are not made yet are given up when their time comes. */
export function deleteWebhookEndpointHandler({ endpointStore, audit }: WebhookEndpointHandlerDependencies): RequestHandler {
  return async function handleDeleteWebhookEndpoint(request, response) {
    assertNoQuery(request.url)
    const ref = endpointRefOf(request, response)
    await findEndpoint(endpointStore, ref)
    await recordAudit(audit, response, { action: "webhook_endpoint.delete", target: ref.id })
    if (!(await endpointStore.remove(ref))) throw endpointNotFound()
    response.status(204).end()
  }
}

/** `POST /v1/webhook-endpoints/{id}/rotate-secret`: the endpoint with its new secret; the old one signs too until the overlap ends. */
export function rotateSecretHandler({ webhookEndpoints, endpointStore, audit, clock }: WebhookEndpointHandlerDependencies): RequestHandler {
  return async function handleRotateSecret(request, response) {
    const ref = endpointRefOf(request, response)
    const { overlapMs = null } = parseBody(rotateSecretRequest, { body: request.body ?? {} })
    await findEndpoint(endpointStore, ref)
    await recordAudit(audit, response, { action: "webhook_endpoint.rotate_secret", target: ref.id, details: { overlapMs } })
    const endpoint = await webhookEndpoints.rotateSecret({ ...ref, overlapMs })
    if (endpoint === null) throw endpointNotFound()
    sendWithSecret(response, { status: 200, endpoint, at: clock() })
  }
}

function sendWithSecret(response: Response, { status, endpoint, at }: { status: number; endpoint: WebhookEndpoint; at: Date }): void {
  response.setHeader("Cache-Control", "no-store")
  sendJson(response, { status, body: { ...presentWebhookEndpoint(endpoint, { at }), secret: endpoint.secrets[0]?.secret } })
}

function othersEvents(): Problem {
  const detail = "The endpoint gets OpenAI's events. Change them over OpenAI's wire: POST /openai/v1/webhook_endpoints/{id}."
  return validationProblem([{ pointer: "#/events", code: "invalid_value", detail }])
}

function urlRefused(detail: string): Problem {
  return validationProblem([{ pointer: "#/url", code: "invalid_value", detail }])
}
