import {
  type AuditLog,
  type Clock,
  type DeliveryStore,
  holdsScope,
  listDeliveriesQuery,
  presentDelivery,
  presentDeliveryWithRequest,
  recoverRequest,
  type WebhookEndpoint,
  type WebhookEndpointStore,
  type WebhookRecovery,
  type WebhookRecoveryResource,
} from "@sluice/core"
import type { WebhookEndpoints } from "@sluice/engine"
import type { Request, RequestHandler } from "express"
import { z } from "zod"
import { recordAudit } from "../../audit/record-audit.ts"
import { Problem } from "../../problems/problem.ts"
import { decodeCursor, encodeCursor } from "../../queries/cursor.ts"
import { assertNoQuery, parseQuery, readQuery } from "../../queries/read-query.ts"
import { sendJson } from "../../responses/send-json.ts"
import { sendResource } from "../../responses/send-resource.ts"
import { endpointNotFound, endpointRefOf, findEndpoint } from "./endpoint-ref.ts"
import { parseBody } from "./parse-body.ts"

export interface DeliveryHandlerDependencies {
  readonly webhookEndpoints: WebhookEndpoints
  readonly endpointStore: WebhookEndpointStore
  readonly deliveries: DeliveryStore
  readonly audit: AuditLog
  readonly clock: Clock
}

const deliveryId = z.string().regex(/^evt_[0-9a-f]{32}:whe_[0-9a-f]{32}$/)

/** `POST /v1/webhook-endpoints/{id}/test`: 202 with the delivery of a test event. */
export function testWebhookEndpointHandler({ webhookEndpoints }: DeliveryHandlerDependencies): RequestHandler {
  return async function handleTestWebhookEndpoint(request, response) {
    assertNoQuery(request.url)
    const outcome = await webhookEndpoints.test(endpointRefOf(request, response))
    if (outcome.kind === "missing") throw endpointNotFound()
    if (outcome.kind === "disabled") {
      const detail = `The endpoint is disabled (${outcome.reason}). Enable it first: PATCH it with {"enabled": true}.`
      throw new Problem({ code: "conflict", detail })
    }
    response.setHeader("Cache-Control", "no-store")
    sendJson(response, { status: 202, body: presentDelivery(outcome.delivery) })
  }
}

/** `GET /v1/webhook-endpoints/{id}/deliveries`: newest event first, by page, with all their tries. */
export function listDeliveriesHandler({ endpointStore, deliveries }: DeliveryHandlerDependencies): RequestHandler {
  return async function handleListDeliveries(request, response) {
    const { cursor, limit, status } = parseQuery(listDeliveriesQuery, readQuery(request.url))
    const { tenantId, id } = await findEndpoint(endpointStore, endpointRefOf(request, response))
    const before = cursor === undefined ? null : decodeCursor(cursor, deliveryId)
    const found = await deliveries.list({ tenantId, target: id, status, before, limit: limit + 1 })
    const page = found.slice(0, limit)
    const last = found.length > limit ? page.at(-1) : undefined
    sendResource(request, response, { data: page.map(presentDelivery), nextCursor: last === undefined ? null : encodeCursor(last.id) })
  }
}

/** `GET /v1/webhook-endpoints/{id}/deliveries/{deliveryId}`: with what is sent, as far as the key may see it. */
export function getDeliveryHandler({ endpointStore, deliveries }: DeliveryHandlerDependencies): RequestHandler {
  return async function handleGetDelivery(request, response) {
    assertNoQuery(request.url)
    const endpoint = await findEndpoint(endpointStore, endpointRefOf(request, response))
    const id = deliveryIdOf(request, endpoint)
    const delivery = id === null ? null : await deliveries.find({ tenantId: endpoint.tenantId, id })
    if (delivery === null) throw deliveryNotFound()
    const mayReadJobs = holdsScope(response.locals.principal.scopes, "jobs:read")
    sendResource(request, response, presentDeliveryWithRequest(delivery, { endpoint, mayReadJobs }))
  }
}

/** `POST /v1/webhook-endpoints/{id}/deliveries/{deliveryId}/redeliver`: 202 with the delivery, which starts its schedule anew. */
export function redeliverHandler({ endpointStore, deliveries, audit, clock }: DeliveryHandlerDependencies): RequestHandler {
  return async function handleRedeliver(request, response) {
    assertNoQuery(request.url)
    const endpoint = await findEndpoint(endpointStore, endpointRefOf(request, response))
    const id = deliveryIdOf(request, endpoint)
    if (id !== null) await recordAudit(audit, response, { action: "delivery.redeliver", target: id })
    const delivery = id === null ? null : await deliveries.redeliver({ tenantId: endpoint.tenantId, id, at: clock() })
    if (delivery === null) throw deliveryNotFound()
    response.setHeader("Cache-Control", "no-store")
    sendJson(response, { status: 202, body: presentDelivery(delivery) })
  }
}

/** The delivery that the path names; null where it cannot be one of the endpoint's. */
function deliveryIdOf(request: Request, endpoint: Pick<WebhookEndpoint, "id">): string | null {
  const id = deliveryId.safeParse(request.params.deliveryId)
  return id.success && id.data.endsWith(`:${endpoint.id}`) ? id.data : null
}

function deliveryNotFound(): Problem {
  return new Problem({ code: "not_found", detail: "The endpoint has no such delivery." })
}

/** `POST /v1/webhook-endpoints/{id}/recover`: 202 with the recovery, whose progress can be read. */
export function recoverHandler({ webhookEndpoints, endpointStore, audit }: DeliveryHandlerDependencies): RequestHandler {
  return async function handleRecover(request, response) {
    const ref = endpointRefOf(request, response)
    const { since } = parseBody(recoverRequest, request)
    await findEndpoint(endpointStore, ref)
    await recordAudit(audit, response, { action: "webhook_endpoint.recover", target: ref.id, details: { since } })
    const recovery = await webhookEndpoints.recover({ ...ref, since: new Date(since) })
    if (recovery === null) throw endpointNotFound()
    response.setHeader("Location", `/v1/webhook-endpoints/${ref.id}/recoveries/${recovery.id}`)
    response.setHeader("Cache-Control", "no-store")
    sendJson(response, { status: 202, body: presentRecovery(recovery, 0) })
  }
}

/** `GET /v1/webhook-endpoints/{id}/recoveries/{recoveryId}` */
export function getRecoveryHandler({ endpointStore, deliveries }: DeliveryHandlerDependencies): RequestHandler {
  return async function handleGetRecovery(request, response) {
    assertNoQuery(request.url)
    const ref = endpointRefOf(request, response)
    const recovery = await endpointStore.findRecovery({ ...ref, recoveryId: String(request.params.recoveryId) })
    if (recovery === null) throw new Problem({ code: "not_found", detail: "The endpoint has no such recovery." })
    const recovered = await deliveries.countRecovered({ recoveryId: recovery.id })
    sendResource(request, response, presentRecovery(recovery, recovered))
  }
}

function presentRecovery({ id, endpointId, since, createdAt, finishedAt }: WebhookRecovery, recovered: number): WebhookRecoveryResource {
  return {
    id,
    object: "webhook_recovery",
    endpointId,
    status: finishedAt === null ? "running" : "completed",
    since: since.toISOString(),
    recovered,
    createdAt: createdAt.toISOString(),
    finishedAt: finishedAt?.toISOString() ?? null,
  }
}
