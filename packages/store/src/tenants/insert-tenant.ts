import { randomUUID } from "node:crypto"
import type { TenantStore } from "@sluice/core"
import { noteChange } from "../changes/changes.ts"
import type { SendTo } from "../connection/database.ts"
import { isDuplicateKey } from "../errors/duplicate-key.ts"
import type { Operations } from "../operations/operations.ts"
import { type TenantDocument, toTenantDocument } from "./tenant-document.ts"

/** An insert, not an upsert: of two upserts of one id at once both would be told that they made it. */
export function insertTenant({
  toTenants,
  operations,
}: {
  toTenants: SendTo<TenantDocument>
  operations: Operations
}): TenantStore["insert"] {
  return (tenant) => {
    // By it, an attempt knows what one before it made without learning so.
    const insertToken = randomUUID()
    return operations.run(`insert of tenant ${tenant.id}`, async () => {
      const document = { ...toTenantDocument(tenant), insertToken, changedAt: new Date() }
      const isInserted = await toTenants((tenants) => tenants.insertOne(document)).then(() => true, isDuplicate)
      const isOwn = isInserted || (await toTenants((tenants) => tenants.findOne({ _id: tenant.id })))?.insertToken === insertToken
      if (isOwn) await toTenants((tenants) => tenants.updateOne({ _id: tenant.id }, noteChange))
      return isOwn
    })
  }
}

function isDuplicate(error: unknown): false {
  if (isDuplicateKey(error)) return false
  throw error
}
