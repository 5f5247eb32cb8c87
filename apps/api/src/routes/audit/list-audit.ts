import { type AuditEntry, type AuditEntryResource, type AuditLog, holdsScope, listAuditQuery } from "@sluice/core"
import type { RequestHandler } from "express"
import { createIdCursor } from "../../queries/id-cursor.ts"
import { parseQuery, readQuery } from "../../queries/read-query.ts"
import { pageOf } from "../../responses/page-of.ts"
import { sendResource } from "../../responses/send-resource.ts"

const cursors = createIdCursor("aud_")

/** `GET /v1/audit`: what was done for the tenant, or, to who administers tenants, for whichever; newest first, by page. */
export function listAuditHandler({ audit }: { readonly audit: AuditLog }): RequestHandler {
  return async function handleListAudit(request, response) {
    const { principal, tenantId } = response.locals
    const { cursor, limit, ...asked } = parseQuery(listAuditQuery, readQuery(request.url))
    const filter = holdsScope(principal.scopes, "tenants:admin") ? asked : { ...asked, tenantId }
    const before = cursor === undefined ? null : cursors.decode(cursor)
    const { items, last } = pageOf(await audit.list({ filter, before, limit: limit + 1 }), limit)
    sendResource(request, response, { data: items.map(presentEntry), nextCursor: last && cursors.encode(last.id) })
  }
}

function presentEntry({ id, at, ...entry }: AuditEntry): AuditEntryResource {
  return { id, object: "audit_entry", at: at.toISOString(), ...entry }
}
