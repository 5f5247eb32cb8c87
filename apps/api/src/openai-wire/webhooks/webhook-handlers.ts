import { type AuditLog, openaiEventTypes, type WebhookEndpoint, type WebhookEndpointStore, webhookEndpointId } from "@sluice/core"
import type { WebhookEndpoints } from "@sluice/engine"
import type { Request, RequestHandler, Response } from "express"
import { z } from "zod"
import { recordAudit } from "../../audit/record-audit.ts"
import { assertNoQuery, parseQuery, readQuery } from "../../queries/read-query.ts"
import { pageOf } from "../../responses/page-of.ts"
import { sendJson } from "../../responses/send-json.ts"
import { secondsOf } from "../chat/chat-completion.ts"
import { invalidParameter } from "../errors/openai-error.ts"
import { openaiNotFound } from "../errors/openai-not-found.ts"
import { parseRequest } from "../requests/parse-request.ts"

export interface WebhookHandlerDependencies {
  readonly webhookEndpoints: WebhookEndpoints
  readonly endpointStore: WebhookEndpointStore
  readonly audit: AuditLog
}

const eventTypes = z.array(z.enum(openaiEventTypes)).min(1).max(50)
const createRequest = z.strictObject({ name: z.string().min(1).max(256), url: z.url().max(2_048), event_types: eventTypes })
const updateRequest = createRequest.partial()
const rotateRequest = z.strictObject({ keep_old_secret_active_for_24_hours: z.boolean().optional() })
const dayMs = 86_400_000

/** `POST /openai/v1/webhook_endpoints`: a receiver of OpenAI's events; its secret is told this once. */
export function createWebhookHandler({ webhookEndpoints, audit }: WebhookHandlerDependencies): RequestHandler {
  return async function handleCreateWebhook(request, response) {
    assertNoQuery(request.url)
    const { name, url, event_types: events } = parseRequest(createRequest, { body: request.body, refusals: {} })
    await recordAudit(audit, response, { action: "webhook_endpoint.create", target: null, details: { url } })
    const body = { url, description: name, events }
    const outcome = await webhookEndpoints.create({ tenantId: response.locals.tenantId, body, format: "openai" })
    if (outcome.kind === "url_refused") throw invalidParameter("url", outcome.message)
    sendWithSecret(response, outcome.endpoint)
  }
}

const listQuery = z.strictObject({
  after: z.string().optional(),
  limit: z.coerce.number().int().min(1).max(100).default(20),
})

/** `GET /openai/v1/webhook_endpoints`: receivers of OpenAI's events, newest first. */
export function listWebhooksHandler({ endpointStore }: WebhookHandlerDependencies): RequestHandler {
  return async function handleListWebhooks(request, response) {
    const { after = null, limit } = parseQuery(listQuery, readQuery(request.url))
    const own = await ownEndpoints(endpointStore, { tenantId: response.locals.tenantId, after, limit: limit + 1 })
    const { items, last } = pageOf(own, limit)
    const ids = { first_id: items[0]?.id ?? null, last_id: items.at(-1)?.id ?? null }
    sendJson(response, { status: 200, body: { object: "list", data: items.map(present), ...ids, has_more: last !== null } })
  }
}

/** `GET /openai/v1/webhook_endpoints/{id}` */
export function getWebhookHandler({ endpointStore }: WebhookHandlerDependencies): RequestHandler {
  return async function handleGetWebhook(request, response) {
    assertNoQuery(request.url)
    sendJson(response, { status: 200, body: present(await findOwn(endpointStore, request, response)) })
  }
}

/** `POST /openai/v1/webhook_endpoints/{id}`: changes what is given. */
export function updateWebhookHandler({ webhookEndpoints, endpointStore, audit }: WebhookHandlerDependencies): RequestHandler {
  return async function handleUpdateWebhook(request, response) {
    assertNoQuery(request.url)
    const { name, url, event_types: events } = parseRequest(updateRequest, { body: request.body, refusals: {} })
    const { id, tenantId } = await findOwn(endpointStore, request, response)
    const body = { ...(url !== undefined && { url }), ...(name !== undefined && { description: name }), ...(events && { events }) }
    await recordAudit(audit, response, { action: "webhook_endpoint.update", target: id, details: { changed: Object.keys(body) } })
    const outcome = await webhookEndpoints.update({ id, tenantId, body })
    if (outcome.kind === "missing") throw notFound()
    if (outcome.kind === "url_refused") throw invalidParameter("url", outcome.message)
    sendJson(response, { status: 200, body: present(outcome.endpoint) })
  }
}

/** `POST /openai/v1/webhook_endpoints/{id}/rotate_secret`: a new secret, told this once. */
export function rotateWebhookSecretHandler({ webhookEndpoints, endpointStore, audit }: WebhookHandlerDependencies): RequestHandler {
  return async function handleRotateWebhookSecret(request, response) {
    assertNoQuery(request.url)
    const asked = parseRequest(rotateRequest, { body: request.body ?? {}, refusals: {} })
    const { id, tenantId } = await findOwn(endpointStore, request, response)
    const overlapMs = asked.keep_old_secret_active_for_24_hours === true ? dayMs : 0
    await recordAudit(audit, response, { action: "webhook_endpoint.rotate_secret", target: id, details: { overlapMs } })
    const endpoint = await webhookEndpoints.rotateSecret({ id, tenantId, overlapMs })
    if (endpoint === null) throw notFound()
    sendWithSecret(response, endpoint)
  }
}

/** `DELETE /openai/v1/webhook_endpoints/{id}` */
export function deleteWebhookHandler({ endpointStore, audit }: WebhookHandlerDependencies): RequestHandler {
  return async function handleDeleteWebhook(request, response) {
    assertNoQuery(request.url)
    const { id, tenantId } = await findOwn(endpointStore, request, response)
    await recordAudit(audit, response, { action: "webhook_endpoint.delete", target: id })
    if (!(await endpointStore.remove({ id, tenantId }))) throw notFound()
    sendJson(response, { status: 200, body: { id, object: "webhook_endpoint", deleted: true } })
  }
}

/** A tenant's endpoints are of both formats, and kept in one list. */
async function ownEndpoints(
  endpoints: WebhookEndpointStore,
  { tenantId, after, limit }: { readonly tenantId: string; readonly after: string | null; readonly limit: number },
): Promise<readonly WebhookEndpoint[]> {
  const own: WebhookEndpoint[] = []
  for (let before = after; own.length < limit; ) {
    const page = await endpoints.list({ tenantId, before, limit })
    own.push(...page.filter(({ format }) => format === "openai"))
    before = page.at(-1)?.id ?? null
    if (page.length < limit) break
  }
  return own.slice(0, limit)
}

async function findOwn(endpoints: WebhookEndpointStore, request: Request, response: Response): Promise<WebhookEndpoint> {
  const id = webhookEndpointId.safeParse(request.params.id)
  const endpoint = id.success ? await endpoints.find({ tenantId: response.locals.tenantId, id: id.data }) : null
  if (endpoint?.format !== "openai") throw notFound()
  return endpoint
}

function notFound() {
  return openaiNotFound("There is no such webhook endpoint for OpenAI's events, or the key may not see it.")
}

function sendWithSecret(response: Response, endpoint: WebhookEndpoint): void {
  response.setHeader("Cache-Control", "no-store")
  sendJson(response, { status: 200, body: { ...present(endpoint), signing_secret: endpoint.secrets[0]?.secret } })
}

function present({ id, url, description, events, createdAt, updatedAt, secrets }: WebhookEndpoint) {
  const times = { created_at: secondsOf(createdAt), updated_at: secondsOf(updatedAt) }
  const hint = secrets[0] ? `${secrets[0].secret.slice(0, 9)}...` : null
  return { id, object: "webhook_endpoint", name: description ?? "", url, event_types: [...events], ...times, signing_secret_hint: hint }
}
