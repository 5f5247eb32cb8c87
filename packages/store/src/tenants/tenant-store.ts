import type { TenantStore } from "@sluice/core"
import { nextMark, sinceMark } from "../changes/changes.ts"
import { type Database, type SendTo, sendTo } from "../connection/database.ts"
import { isDuplicateKey } from "../errors/duplicate-key.ts"
import { TryAgain } from "../errors/try-again.ts"
import type { Operations } from "../operations/operations.ts"
import { changeTenant } from "./change-tenant.ts"
import { insertTenant } from "./insert-tenant.ts"
import { fromTenantDocument, type TenantDocument, tenantsCollection } from "./tenant-document.ts"

/** The `TenantStore` on a database that has its indexes. */
export function createTenantStore({ database, operations }: { readonly database: Database; readonly operations: Operations }): TenantStore {
  const toTenants: SendTo<TenantDocument> = sendTo(database, tenantsCollection)
  return {
    insert: insertTenant({ toTenants, operations }),
    find: (id) =>
      operations.run(`read of tenant ${id}`, async () => {
        const found = await toTenants((tenants) => tenants.findOne({ _id: id }))
        return found && fromTenantDocument(found)
      }),
    list: ({ after, limit }) =>
      operations.run("list of tenants", async () => {
        const filter = after === null ? {} : { _id: { $gt: after } }
        const found = await toTenants((tenants) => tenants.find(filter, { sort: { _id: 1 }, limit, batchSize: limit + 1 }).toArray())
        return found.map(fromTenantDocument)
      }),
    upsert: ({ id, at, changes }) =>
      operations.run(`change of tenant ${id}`, async () => {
        const changed = await orTryAgain(
          toTenants((tenants) =>
            tenants.findOneAndUpdate({ _id: id }, changeTenant(changes, at), { upsert: true, returnDocument: "after" }),
          ),
        )
        if (!changed) throw new TryAgain("the tenant was not returned")
        return fromTenantDocument(changed)
      }),
    changedSince: (mark) =>
      operations.run("search for changed tenants", async () => {
        const changed = await toTenants((tenants) => tenants.find(sinceMark(mark)).toArray())
        return { changed: changed.map(fromTenantDocument), mark: nextMark(mark, changed) }
      }),
  }
}

/** Two processes that make the same tenant at once: the second finds that of the first. */
async function orTryAgain<T>(upsert: Promise<T>): Promise<T> {
  try {
    return await upsert
  } catch (error) {
    if (isDuplicateKey(error)) throw new TryAgain("another process made the tenant first")
    throw error
  }
}
