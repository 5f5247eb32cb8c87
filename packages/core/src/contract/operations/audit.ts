import { type AuditEntryResource, auditEntryResource, listAuditQuery } from "../audit.ts"
import { pageOf } from "../queries.ts"
import { exampleIds, exampleTimes } from "./examples.ts"
import { json, type Operation } from "./operation.ts"

const entry: AuditEntryResource = {
  id: exampleIds.audit,
  object: "audit_entry",
  at: exampleTimes.finished,
  actor: "admin",
  tenantId: "default",
  action: "endpoint.force_breaker",
  target: "openai-eu",
  details: { state: "open" },
  requestId: exampleIds.request,
}

const listAudit: Operation = {
  id: "listAudit",
  method: "get",
  path: "/v1/audit",
  tag: "operate",
  summary: "Read the audit log",
  description: "What was done for the tenant, newest first; with a key that holds `tenants:admin`, for whichever tenant.",
  scope: "audit:read",
  query: listAuditQuery,
  isRevalidated: true,
  answers: { 200: { description: "A page.", content: json(pageOf(auditEntryResource), { page: { data: [entry], nextCursor: null } }) } },
}

export const auditOperations = [listAudit]
