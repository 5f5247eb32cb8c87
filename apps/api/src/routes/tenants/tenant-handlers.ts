import {
  type AuditLog,
  createTenantRequest,
  type JsonObject,
  listTenantsQuery,
  type TenantResource,
  type UpdateTenantRequest,
  updateTenantRequest,
} from "@sluice/core"
import { presentTenant, type Tenants, type UpdateTenantOutcome } from "@sluice/engine"
import type { RequestHandler } from "express"
import { actorOf } from "../../audit/actor-of.ts"
import { recordAudit } from "../../audit/record-audit.ts"
import { parseBody } from "../../problems/parse-body.ts"
import { Problem } from "../../problems/problem.ts"
import { createNameCursor } from "../../queries/name-cursor.ts"
import { assertNoQuery, parseQuery, readQuery } from "../../queries/read-query.ts"
import { pageOf } from "../../responses/page-of.ts"
import { sendJson } from "../../responses/send-json.ts"
import { sendResource } from "../../responses/send-resource.ts"

export interface TenantHandlerDependencies {
  readonly tenantOperations: Tenants
  readonly audit: AuditLog
}

const cursors = createNameCursor()

/** `GET /v1/tenants`: those of `sluice.yaml` and those made here, by id, by page. */
export function listTenantsHandler({ tenantOperations }: TenantHandlerDependencies): RequestHandler {
  return async function handleListTenants(request, response) {
    const { cursor, limit } = parseQuery(listTenantsQuery, readQuery(request.url))
    const after = cursor === undefined ? null : cursors.decode(cursor)
    const { items, last } = pageOf(await tenantOperations.list({ after, limit: limit + 1 }), limit)
    sendResource(request, response, { data: items.map(presentTenant), nextCursor: last && cursors.encode(last.id) })
  }
}

/** `POST /v1/tenants`: 201; 409 when there is one of this id. */
export function createTenantHandler({ tenantOperations, audit }: TenantHandlerDependencies): RequestHandler {
  return async function handleCreateTenant(request, response) {
    assertNoQuery(request.url)
    const body = parseBody(createTenantRequest, request.body)
    const details: JsonObject = { name: body.name ?? null, settings: settingDetails(body.settings) }
    const outcome = await tenantOperations.create({
      body,
      beforeChange: (id) => recordAudit(audit, response, { action: "tenant.create", target: id, details }),
    })
    if (outcome.kind === "exists") {
      const detail = `There is a tenant ${outcome.id} already, here or in sluice.yaml. Change it by PATCH /v1/tenants/${outcome.id}.`
      throw new Problem({ code: "conflict", detail })
    }
    response.setHeader("Location", `/v1/tenants/${outcome.tenant.id}`)
    sendJson(response, { status: 201, body: presentTenant(outcome.tenant) })
  }
}

/** `GET /v1/tenants/{id}`, with the settings in force. */
export function getTenantHandler({ tenantOperations }: TenantHandlerDependencies): RequestHandler {
  return async function handleGetTenant(request, response) {
    assertNoQuery(request.url)
    const tenant = await tenantOperations.find(String(request.params.id))
    if (!tenant) throw tenantNotFound()
    sendResource(request, response, presentTenant(tenant))
  }
}

/** `PATCH /v1/tenants/{id}`: 409 for a setting that `sluice.yaml` sets. In force in every process within seconds. */
export function updateTenantHandler({ tenantOperations, audit }: TenantHandlerDependencies): RequestHandler {
  return async function handleUpdateTenant(request, response) {
    assertNoQuery(request.url)
    const body = parseBody(updateTenantRequest, request.body)
    const outcome = await tenantOperations.update({
      id: String(request.params.id),
      body,
      beforeChange: (id) => recordAudit(audit, response, { action: "tenant.update", target: id, details: detailsOf(body) }),
    })
    sendJson(response, { status: 200, body: changedBy(outcome) })
  }
}

/** `POST /v1/tenants/{id}/disable` and `/enable`. Its keys are refused in every process within seconds; its jobs go on. */
export function disableTenantHandler({
  tenantOperations,
  audit,
  isDisabled,
}: TenantHandlerDependencies & { readonly isDisabled: boolean }): RequestHandler {
  return async function handleDisableTenant(request, response) {
    assertNoQuery(request.url)
    const action = isDisabled ? "tenant.disable" : "tenant.enable"
    const outcome = await tenantOperations.setDisabled({
      id: String(request.params.id),
      by: isDisabled ? actorOf(response) : null,
      beforeChange: (id) => recordAudit(audit, response, { action, target: id }),
    })
    sendJson(response, { status: 200, body: changedBy(outcome) })
  }
}

function changedBy(outcome: UpdateTenantOutcome): TenantResource {
  switch (outcome.kind) {
    case "changed":
      return presentTenant(outcome.tenant)
    case "missing":
      throw tenantNotFound()
    case "pinned": {
      const detail = `sluice.yaml sets ${outcome.settings.join(", ")} of this tenant, and wins. Change it there; it is reloaded by itself.`
      throw new Problem({ code: "conflict", detail })
    }
  }
}

function tenantNotFound(): Problem {
  const detail = "There is no such tenant. Make it by POST /v1/tenants, or declare it in sluice.yaml."
  return new Problem({ code: "not_found", detail })
}

function detailsOf({ name, settings }: UpdateTenantRequest): JsonObject {
  return { ...(name !== undefined && { name }), settings: settingDetails(settings) }
}

function settingDetails(settings: Readonly<Record<string, number | null | undefined>> = {}): JsonObject {
  return Object.fromEntries(Object.entries(settings).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])))
}
