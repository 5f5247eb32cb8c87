import type { AuditEntry, AuditLog } from "@sluice/core"
import type { Filter } from "mongodb"
import { type Database, sendTo } from "../connection/database.ts"
import { toJsonText } from "../jobs/json-text.ts"
import type { Operations } from "../operations/operations.ts"
import { present } from "../present.ts"

/** The collection's name. */
export const auditCollection = "audit"

/** Details hold keys of the caller's own, some of which BSON gives a meaning, so they are kept as text. */
interface AuditDocument extends Omit<AuditEntry, "id" | "details"> {
  readonly _id: string
  readonly details: string
}

/** The `AuditLog` on a database that has its indexes. */
export function createAuditLog({ database, operations }: { readonly database: Database; readonly operations: Operations }): AuditLog {
  const toAudit = sendTo<AuditDocument>(database, auditCollection)
  return {
    record: ({ id, details, ...entry }) =>
      operations.run(`audit entry ${entry.action}`, async () => {
        const document = { ...entry, details: toJsonText(details) }
        await toAudit((audit) => audit.updateOne({ _id: id }, { $setOnInsert: document }, { upsert: true }))
      }),
    list: ({ filter, before, limit }) =>
      operations.run("list of the audit log", async () => {
        const query: Filter<AuditDocument> = { ...present(filter), ...(before !== null && { _id: { $lt: before } }) }
        const found = await toAudit((audit) => audit.find(query, { sort: { _id: -1 }, limit, batchSize: limit + 1 }).toArray())
        return found.map(({ _id, details, ...entry }) => ({ id: _id, ...entry, details: JSON.parse(details) }))
      }),
  }
}
