import { type AuditLog, putProviderCredentialRequest } from "@sluice/core"
import type { ProviderCredentials } from "@sluice/engine"
import type { RequestHandler } from "express"
import { recordAudit } from "../../audit/record-audit.ts"
import { parseBody } from "../../problems/parse-body.ts"
import { Problem } from "../../problems/problem.ts"
import { assertNoQuery } from "../../queries/read-query.ts"
import { sendJson } from "../../responses/send-json.ts"
import { sendResource } from "../../responses/send-resource.ts"

export interface ProviderCredentialHandlerDependencies {
  readonly providerCredentials: ProviderCredentials
  readonly audit: AuditLog
}

/** `GET /v1/provider-credentials`: the tenant's own keys, without the keys. */
export function listProviderCredentialsHandler({ providerCredentials }: ProviderCredentialHandlerDependencies): RequestHandler {
  return async function handleListProviderCredentials(request, response) {
    assertNoQuery(request.url)
    const data = await providerCredentials.list({ tenantId: response.locals.tenantId })
    sendResource(request, response, { data, nextCursor: null })
  }
}

/** `PUT /v1/provider-credentials/{name}`: stores or replaces a key. The audit log says who did, and not what the key is. */
export function putProviderCredentialHandler({ providerCredentials, audit }: ProviderCredentialHandlerDependencies): RequestHandler {
  return async function handlePutProviderCredential(request, response) {
    assertNoQuery(request.url)
    const { tenantId } = response.locals
    const known = providerCredentials.names()
    const name = known.find((each) => each === request.params.name)
    if (name === undefined) throw nothingTakesKeys(known)
    const { secret } = parseBody(putProviderCredentialRequest, request.body)
    await recordAudit(audit, response, { action: "provider_credential.put", target: name })
    const outcome = await providerCredentials.set({ tenantId, name, secret })
    switch (outcome.kind) {
      case "stored":
        response.setHeader("Cache-Control", "no-store")
        sendJson(response, { status: 200, body: outcome.credential })
        break
      case "name_unknown":
        throw nothingTakesKeys(outcome.known)
      case "no_encryption_key":
        throw new Problem({ code: "conflict", detail: noEncryptionKey })
    }
  }
}

/** `DELETE /v1/provider-credentials/{name}`: 204. */
export function deleteProviderCredentialHandler({ providerCredentials, audit }: ProviderCredentialHandlerDependencies): RequestHandler {
  return async function handleDeleteProviderCredential(request, response) {
    assertNoQuery(request.url)
    const { name } = request.params
    const { tenantId } = response.locals
    const stored = (await providerCredentials.list({ tenantId })).find((credential) => credential.name === name)
    if (!stored) throw new Problem({ code: "not_found", detail: "The tenant has no key stored under this name." })
    await recordAudit(audit, response, { action: "provider_credential.delete", target: stored.name })
    await providerCredentials.remove({ tenantId, name: stored.name })
    response.status(204).end()
  }
}

const noEncryptionKey =
  "Such keys are stored encrypted only, and this installation has no encryption key, so nothing was stored. Its operator has to set SLUICE_ENCRYPTION_KEYS for the API and the workers (docs/privacy.md)."

function nothingTakesKeys(known: readonly string[]): Problem {
  const which = known.length > 0 ? `These do: ${known.join(", ")}.` : "No endpoint does; the operator allows it with `credential: tenant`."
  return new Problem({ code: "not_found", detail: `No endpoint takes tenants' own keys under this name. ${which}` })
}
