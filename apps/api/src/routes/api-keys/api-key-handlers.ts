import {
  type ApiKey,
  type ApiKeyRef,
  type ApiKeyStore,
  type AuditLog,
  apiKeyId,
  type Clock,
  createApiKeyRequest,
  type JsonObject,
  listApiKeysQuery,
  presentApiKey,
  rotateApiKeyRequest,
} from "@sluice/core"
import type { ApiKeys } from "@sluice/engine"
import type { Request, RequestHandler, Response } from "express"
import { recordAudit } from "../../audit/record-audit.ts"
import { parseBody } from "../../problems/parse-body.ts"
import { createIdCursor } from "../../queries/id-cursor.ts"
import { assertNoQuery, parseQuery, readQuery } from "../../queries/read-query.ts"
import { pageOf } from "../../responses/page-of.ts"
import { sendJson } from "../../responses/send-json.ts"
import { sendResource } from "../../responses/send-resource.ts"
import { keyNotFound, refusalOfCreation, refusalOfRevocation, refusalOfRotation } from "./api-key-problems.ts"

export interface ApiKeyHandlerDependencies {
  readonly apiKeys: ApiKeys
  readonly apiKeyStore: ApiKeyStore
  readonly audit: AuditLog
  readonly clock: Clock
}

const cursors = createIdCursor("key_")

/** `GET /v1/api-keys`: the tenant's, newest first, by page; revoked and expired ones too. */
export function listApiKeysHandler({ apiKeyStore, clock }: ApiKeyHandlerDependencies): RequestHandler {
  return async function handleListApiKeys(request, response) {
    const { cursor, limit } = parseQuery(listApiKeysQuery, readQuery(request.url))
    const before = cursor === undefined ? null : cursors.decode(cursor)
    const { items, last } = pageOf(await apiKeyStore.list({ tenantId: response.locals.tenantId, before, limit: limit + 1 }), limit)
    const at = clock()
    sendResource(request, response, { data: items.map((key) => presentApiKey(key, { at })), nextCursor: last && cursors.encode(last.id) })
  }
}

/** `POST /v1/api-keys`: 201 with the key and, this once, its secret. */
export function createApiKeyHandler({ apiKeys, audit, clock }: ApiKeyHandlerDependencies): RequestHandler {
  return async function handleCreateApiKey(request, response) {
    assertNoQuery(request.url)
    const body = parseBody(createApiKeyRequest, request.body)
    const outcome = await apiKeys.create({
      by: response.locals.principal,
      body,
      beforeChange: (key) => recordChange(audit, response, { verb: "create", key, details: detailsOf(key) }),
    })
    if (outcome.kind !== "made") throw refusalOfCreation(outcome, response.locals.tenantId)
    response.setHeader("Location", `/v1/api-keys/${outcome.key.id}`)
    sendWithSecret(response, { status: 201, ...outcome, at: clock() })
  }
}

/** `GET /v1/api-keys/{id}`. */
export function getApiKeyHandler({ apiKeyStore, clock }: ApiKeyHandlerDependencies): RequestHandler {
  return async function handleGetApiKey(request, response) {
    assertNoQuery(request.url)
    const key = await apiKeyStore.find(keyRefOf(request, response))
    if (!key) throw keyNotFound()
    sendResource(request, response, presentApiKey(key, { at: clock() }))
  }
}

/** `POST /v1/api-keys/{id}/rotate`: a new secret, told this once; the old one is accepted too until the overlap ends. */
export function rotateApiKeyHandler({ apiKeys, audit, clock }: ApiKeyHandlerDependencies): RequestHandler {
  return async function handleRotateApiKey(request, response) {
    assertNoQuery(request.url)
    const { overlapMs = null } = parseBody(rotateApiKeyRequest, request.body ?? {})
    const outcome = await apiKeys.rotate({
      by: response.locals.principal,
      ref: keyRefOf(request, response),
      overlapMs,
      beforeChange: (key) => recordChange(audit, response, { verb: "rotate", key, details: { overlapMs } }),
    })
    if (outcome.kind !== "made") throw refusalOfRotation(outcome)
    sendWithSecret(response, { status: 200, ...outcome, at: clock() })
  }
}

/** `POST /v1/api-keys/{id}/revoke`: refused by every process within seconds; answers with the key as it is then. */
export function revokeApiKeyHandler({ apiKeys, audit, clock }: ApiKeyHandlerDependencies): RequestHandler {
  return async function handleRevokeApiKey(request, response) {
    assertNoQuery(request.url)
    const outcome = await apiKeys.revoke({
      by: response.locals.principal,
      ref: keyRefOf(request, response),
      beforeChange: (key) => recordChange(audit, response, { verb: "revoke", key }),
    })
    if (outcome.kind !== "revoked") throw refusalOfRevocation(outcome)
    sendJson(response, { status: 200, body: presentApiKey(outcome.key, { at: clock() }) })
  }
}

/** The tenant's key that the path names. One that cannot be an id is not found, like one that names nothing. */
function keyRefOf(request: Request, response: Response): ApiKeyRef {
  const id = apiKeyId.safeParse(request.params.id)
  if (!id.success) throw keyNotFound()
  return { tenantId: response.locals.tenantId, id: id.data }
}

interface KeyChange {
  readonly verb: "create" | "rotate" | "revoke"
  readonly key: ApiKey
  readonly details?: JsonObject
}

function recordChange(audit: AuditLog, response: Response, { verb, key, details = {} }: KeyChange): Promise<void> {
  return recordAudit(audit, response, { action: `api_key.${verb}`, target: key.id, details })
}

function detailsOf({ name, scopes, expiresAt }: ApiKey): JsonObject {
  return { name, scopes: [...scopes], expiresAt: expiresAt?.toISOString() ?? null }
}

interface WithSecret {
  readonly status: number
  readonly key: ApiKey
  readonly text: string
  readonly at: Date
}

function sendWithSecret(response: Response, { status, key, text, at }: WithSecret): void {
  response.setHeader("Cache-Control", "no-store")
  sendJson(response, { status, body: { ...presentApiKey(key, { at }), key: text } })
}
