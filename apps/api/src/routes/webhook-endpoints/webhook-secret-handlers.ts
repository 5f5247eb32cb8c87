import {
  createWebhookSecret,
  previousSecretExpiry,
  rotateSecretRequest,
  type WebhookSecret,
  type WebhookSecretResource,
} from "@sluice/core"
import type { RequestHandler } from "express"
import { recordAudit } from "../../audit/record-audit.ts"
import { assertNoQuery } from "../../queries/read-query.ts"
import { sendJson } from "../../responses/send-json.ts"
import { sendResource } from "../../responses/send-resource.ts"
import type { WebhookEndpointHandlerDependencies } from "./endpoint-handlers.ts"
import { parseBody } from "./parse-body.ts"

/** `GET /v1/webhook-secret`: how old the tenant's default secret is. To learn a secret, rotate it. */
export function getWebhookSecretHandler({ endpointStore, clock }: WebhookEndpointHandlerDependencies): RequestHandler {
  return async function handleGetWebhookSecret(request, response) {
    assertNoQuery(request.url)
    const at = clock()
    const secrets = await endpointStore.tenantSecrets({ tenantId: response.locals.tenantId, at, make: () => createWebhookSecret() })
    sendResource(request, response, presentSecrets(secrets, at))
  }
}

/** `POST /v1/webhook-secret/rotate`: a new default secret, told this once; the old one signs too until the overlap ends. */
export function rotateWebhookSecretHandler({ webhookEndpoints, audit, clock }: WebhookEndpointHandlerDependencies): RequestHandler {
  return async function handleRotateWebhookSecret(request, response) {
    const { overlapMs = null } = parseBody(rotateSecretRequest, { body: request.body ?? {} })
    await recordAudit(audit, response, { action: "webhook_secret.rotate", target: null, details: { overlapMs } })
    const secrets = await webhookEndpoints.rotateTenantSecret({ tenantId: response.locals.tenantId, overlapMs })
    response.setHeader("Cache-Control", "no-store")
    sendJson(response, { status: 200, body: { ...presentSecrets(secrets, clock()), secret: secrets[0]?.secret } })
  }
}

function presentSecrets(secrets: readonly WebhookSecret[], at: Date): WebhookSecretResource {
  return {
    object: "webhook_secret",
    createdAt: (secrets[0]?.createdAt ?? at).toISOString(),
    previousSecretExpiresAt: previousSecretExpiry(secrets, at)?.toISOString() ?? null,
  }
}
